using Cfx.Core.Generation;

namespace Cfx.Together.Tests.Store;

/// <summary>A model whose answers tell how often it was asked, unless a test says otherwise.</summary>
internal sealed class ScriptedModel(string name = "one") : IChatModel
{
    private int _asked;

    public int Asked => _asked;

    /// <summary>Called with the number of each call, from 1, before it is answered.</summary>
    public Func<int, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _asked);
        await Before(number, cancellationToken);
        return new ChatReply(
            number % 2 == 0 ? ChatOutcome.CutOff : ChatOutcome.Complete,
            $"{name}: answer {number} to {request.Messages[^1].Content}",
            "stop",
            new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)).AddSeconds(number),
            10 + number,
            number == 3 ? null : 20)
        {
            RequestId = $"{name}-{number}",
        };
    }
}
