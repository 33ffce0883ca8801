using Cfx.Sandbox.Serving;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Http;

/// <summary>The sandbox's own routes, for tests in another process. They need no key and leave no trace.</summary>
internal sealed class AdminRoutes(StateFolder folder, ServingStore serving)
{
    public IEnumerable<Route> All() => [new("GET", "/sandbox/ledger", Ledger) { IsOpen = true, IsAdmin = true }];

    private Task<Reply> Ledger(ApiCall call)
    {
        // What idleness has stopped since the last look is entered first.
        serving.Read(_ => true);
        return Task.FromResult(new Reply { Status = 200, ContentType = "application/x-ndjson", FilePath = folder.Ledger });
    }
}
