using Cfx.Core.Generation;

namespace Cfx.Together.Batch;

/// <summary>One line of a batch's results.</summary>
/// <param name="Id">The call's; null when the line names none.</param>
/// <param name="Reply">The answer, usable or not; null when there is none.</param>
/// <param name="StatusCode">The HTTP status of a failed call, where it is told.</param>
/// <param name="Fault">Why there is no answer.</param>
internal sealed record BatchReply(string? Id, ChatReply? Reply, int? StatusCode, string? Fault)
{
    /// <summary>Whether a call without a usable answer may have been billed all the same.</summary>
    public bool MayBeBilled { get; init; }
}
