using System.Collections.Concurrent;
using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Tests;

/// <summary>Keeps what became of each attempt, in the order in which they ended.</summary>
internal sealed class RecordingMeter : ICallMeter
{
    private readonly ConcurrentQueue<string> _ends = new();
    private int _opened;

    public int Opened => _opened;

    public IReadOnlyList<string> Ends => [.. _ends];

    /// <summary>Called with the number of each attempt, from 1, before it is allowed.</summary>
    public Action<int> Before { get; set; } = _ => { };

    public ICallCharge Open(ChatRequest request)
    {
        Before(Volatile.Read(ref _opened) + 1);
        Interlocked.Increment(ref _opened);
        return new Charge(_ends);
    }

    private sealed class Charge(ConcurrentQueue<string> ends) : ICallCharge
    {
        public void Settle(ChatReply reply) => ends.Enqueue($"settled {reply.PromptTokens}+{reply.CompletionTokens}");

        public void Release() => ends.Enqueue("released");

        public void Unclear() => ends.Enqueue("unclear");
    }
}
