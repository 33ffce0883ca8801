using System.Collections.Concurrent;

namespace Cfx.Core.Tests;

/// <summary>Keeps what was reported, as "what done/total detail".</summary>
public sealed class RecordingProgress : IProgressSink
{
    private readonly ConcurrentQueue<string> _reports = new();

    public IReadOnlyList<string> Reports => [.. _reports];

    public IProgressScope Begin(string what, long? total) => new Scope(this, what, total);

    private sealed class Scope(RecordingProgress owner, string what, long? total) : IProgressScope
    {
        public void Report(long done, string? detail = null) => owner._reports.Enqueue($"{what} {done}/{total} {detail}".TrimEnd());

        public void Dispose()
        {
        }
    }
}
