namespace Cfx.Core.Generation;

/// <summary>One call's result with the failure, if it failed, taken as a result too: one bad item does not end a stage.</summary>
/// <param name="Status">One of the constants here.</param>
/// <param name="Reason">Why the answer cannot be used; null when it can.</param>
/// <param name="Reply">What came; null when the call failed.</param>
/// <param name="StatusCode">The HTTP status of a failed call, where there was a reply.</param>
public sealed record ChatCall(string Status, string? Reason, ChatReply? Reply, int? StatusCode = null)
{
    public const string Complete = "complete";
    public const string CutOff = "cut_off";
    public const string Empty = "empty";
    public const string Refused = "refused";
    public const string Failed = "failed";

    /// <summary>Asks once. Only a provider's failure becomes a result; cancellation and faults of the program are thrown.</summary>
    public static async Task<ChatCall> AskAsync(IChatModel model, ChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Of(await model.CompleteAsync(request, cancellationToken), request);
        }
        catch (ProviderException e)
        {
            return new ChatCall(Failed, e.Message, null, e.StatusCode);
        }
    }

    private static ChatCall Of(ChatReply reply, ChatRequest request) => reply.Outcome switch
    {
        ChatOutcome.Complete when string.IsNullOrWhiteSpace(reply.Content) => new ChatCall(Empty, "the reply has no text", reply),
        ChatOutcome.Complete => new ChatCall(Complete, null, reply),
        ChatOutcome.CutOff => new ChatCall(CutOff, $"the reply was cut off at {request.MaxTokens} tokens", reply),
        ChatOutcome.Empty => new ChatCall(Empty, "the reply has no text", reply),
        ChatOutcome.Refused => new ChatCall(Refused, $"the model or provider refused (finish reason \"{reply.FinishReason}\")", reply),
        _ => throw new InvalidOperationException($"Unknown outcome {reply.Outcome}."),
    };
}
