using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

/// <summary>A chat model that answers by a function and remembers what it was asked.</summary>
internal sealed class ScriptedModel(Func<ChatRequest, ChatReply> answer) : IChatModel
{
    internal static readonly DateTimeOffset Time = new(2025, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<ChatRequest> _requests = [];

    internal IReadOnlyList<ChatRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _requests.Add(request);
        }

        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return answer(request);
    }

    internal static ChatReply Reply(string text, ChatOutcome outcome = ChatOutcome.Complete) =>
        new(outcome, text, outcome == ChatOutcome.CutOff ? "length" : "stop", Time, 10, 5);
}
