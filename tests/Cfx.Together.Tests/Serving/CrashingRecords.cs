using Cfx.Together.Serving;

namespace Cfx.Together.Tests.Serving;

/// <summary>Records of a process that dies at one of its durable writes, before or after it.</summary>
internal sealed class CrashingRecords(IServingRecords inner, int at, bool afterwards) : IServingRecords
{
    private int _writes;

    public bool HasCrashed { get; private set; }

    public Task<IReadOnlyList<ServingRecord>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<ServingRecord?> ReadAsync(string name, CancellationToken cancellationToken) => inner.ReadAsync(name, cancellationToken);

    public Task<ServingDecision?> ReadDecisionAsync(string key, CancellationToken cancellationToken) => inner.ReadDecisionAsync(key, cancellationToken);

    public Task WriteAsync(ServingRecord record, CancellationToken cancellationToken) => StepAsync(() => inner.WriteAsync(record, cancellationToken));

    public Task RemoveAsync(string name, CancellationToken cancellationToken) => StepAsync(() => inner.RemoveAsync(name, cancellationToken));

    public Task WriteDecisionAsync(string key, ServingDecision decision, CancellationToken cancellationToken) =>
        StepAsync(() => inner.WriteDecisionAsync(key, decision, cancellationToken));

    private async Task StepAsync(Func<Task> write)
    {
        var isHere = ++_writes == at;
        if (!isHere || afterwards)
        {
            await write();
        }

        if (isHere)
        {
            HasCrashed = true;
            throw new CrashException();
        }
    }
}
