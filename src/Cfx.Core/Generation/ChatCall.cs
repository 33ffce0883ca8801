namespace Cfx.Core.Generation;

/// <summary>One call's result with the failure, if it failed, taken as a result too: one bad item does not end a stage.</summary>
/// <param name="Status">One of the constants here.</param>
/// <param name="Reason">Why the answer cannot be used; null when it can.</param>
/// <param name="Reply">What came; null when the call failed, or was refused before a model saw it.</param>
/// <param name="StatusCode">The HTTP status of a call without a reply of a model, where the provider gave one.</param>
public sealed record ChatCall(string Status, string? Reason, ChatReply? Reply, int? StatusCode = null)
{
    public const string Complete = "complete";
    public const string CutOff = "cut_off";
    public const string Empty = "empty";

    /// <summary>By the model, or by the provider because of what the request holds, such as too long a context: the same again gives the same.</summary>
    public const string Refused = "refused";

    /// <summary>Without an answer for a reason that may pass: worth asking again.</summary>
    public const string Failed = "failed";

    /// <summary>Whether a status says that the provider does not take what the request holds; 403 too may mean a long context, but also a lost permission,
    /// which somebody can give back.</summary>
    /// <param name="statusCode">The HTTP status; null where there was none.</param>
    public static bool IsRefusal(int? statusCode) => statusCode is 400 or 413 or 422;

    /// <summary>Whether the provider did not let the call through, for whatever reason.</summary>
    public bool IsWithoutReply => Reply is null;

    /// <summary>How the reasons of replies begin whose text must not be read as whole.</summary>
    internal const string CutOffReason = "the reply was cut off";

    internal const string RefusedReason = "the model or provider refused";

    /// <summary>Asks once. Only a provider's failure becomes a result; cancellation and faults of the program are thrown.</summary>
    public static async Task<ChatCall> AskAsync(IChatModel model, ChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Of(await model.CompleteAsync(request, cancellationToken), request);
        }
        catch (ProviderException e)
        {
            return new ChatCall(IsRefusal(e.StatusCode) ? Refused : Failed, e.Message, null, e.StatusCode);
        }
    }

    private static ChatCall Of(ChatReply reply, ChatRequest request) => reply.Outcome switch
    {
        ChatOutcome.Complete when string.IsNullOrWhiteSpace(reply.Content) => new ChatCall(Empty, "the reply has no text", reply),
        ChatOutcome.Complete => new ChatCall(Complete, null, reply),
        ChatOutcome.CutOff => new ChatCall(CutOff, $"{CutOffReason} at {request.MaxTokens} tokens", reply),
        ChatOutcome.Empty => new ChatCall(Empty, "the reply has no text", reply),
        ChatOutcome.Refused => new ChatCall(Refused, $"{RefusedReason} (finish reason \"{reply.FinishReason}\")", reply),
        _ => throw new InvalidOperationException($"Unknown outcome {reply.Outcome}."),
    };
}
