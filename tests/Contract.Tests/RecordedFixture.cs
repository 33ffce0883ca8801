using Cfx.Contract.Tests.Recording;

namespace Cfx.Contract.Tests;

/// <summary>Records the wire once for all tests of a fixture.</summary>
public abstract class RecordedFixture
{
    private protected IReadOnlyList<Exchange> Exchanges { get; private set; } = [];

    private protected IEnumerable<Exchange> FromClient => Exchanges.Where(exchange => exchange.IsFromClient);

    [OneTimeSetUp]
    public async Task RecordAsync() => Exchanges = await Session.RecordAsync();
}
