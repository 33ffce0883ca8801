namespace Cfx.Core.Tests.Generation;

internal sealed class RecordedProgress : IProgressSink
{
    internal List<string> Begun { get; } = [];

    internal long LastDone { get; private set; }

    public IProgressScope Begin(string what, long? total)
    {
        Begun.Add(what);
        return new Scope(this);
    }

    private sealed class Scope(RecordedProgress owner) : IProgressScope
    {
        public void Report(long done, string? detail = null) => owner.LastDone = done;

        public void Dispose()
        {
        }
    }
}
