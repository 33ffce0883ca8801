using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;

namespace Cfx.Core.Reporting.Verification;

/// <summary>Reads a stored judgment's verdict anew from the judge's words.</summary>
internal static class JudgmentCheck
{
    /// <returns>What the words say, with one sentence where the judgment tells otherwise.</returns>
    public static (Verdict? Verdict, string? Fault) Derive(JsonObject judgment, string order)
    {
        var said = VerdictParser.Parse(RecordFields.Text(judgment, "text") ?? string.Empty);
        var told = RecordFields.Text(judgment, "verdict");
        switch (RecordFields.Text(judgment, "status"))
        {
            case Judgment.Judged:
                return said is not null && EvaluationWords.Of(said) == told
                    ? (said, null)
                    : (said, $"the verdict in {order} order is {told ?? "none"}, and the judge's text says {EvaluationWords.Of(said) ?? "none"}");
            case (Judgment.Unparsed or Judgment.Failed) and var status:
                return told is not null ? (said, $"the verdict in {order} order is {told}, and the judgment is \"{status}\"")
                    : said is null || MayNameOneInPassing(judgment, status) ? (null, null)
                    : (said, $"the judgment in {order} order is \"{status}\", and the judge's text says {EvaluationWords.Of(said)}");
            case var status:
                return (null, $"the judgment in {order} order has the status {status ?? "none"}");
        }
    }

    // Only a whole reply counts: one that was cut off or refused may hold a mark. A second call without a reply leaves the first reply's text.
    private static bool MayNameOneInPassing(JsonObject judgment, string status)
    {
        var reason = RecordFields.Text(judgment, "reason") ?? string.Empty;
        var isSecondWithoutReply = RecordFields.Text(judgment, "attempts") == "2" && reason.Length > 0 && reason != Judgment.NoVerdict;
        return isSecondWithoutReply || (status == Judgment.Unparsed
            && (reason.StartsWith(ChatCall.CutOffReason, StringComparison.Ordinal) || reason.StartsWith(ChatCall.RefusedReason, StringComparison.Ordinal)));
    }
}
