namespace Cfx.Core.Tests.Conversations;

/// <summary>Remembers the last count of each piece of work.</summary>
internal sealed class SilentProgress : IProgressSink
{
    public Dictionary<string, long> Done { get; } = [];

    public IProgressScope Begin(string what, long? total) => new Scope(this, what);

    private sealed class Scope(SilentProgress sink, string what) : IProgressScope
    {
        public void Report(long done, string? detail = null) => sink.Done[what] = done;

        public void Dispose()
        {
        }
    }
}
