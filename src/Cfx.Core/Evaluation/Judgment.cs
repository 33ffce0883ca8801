using System.Text.Json.Nodes;

namespace Cfx.Core.Evaluation;

/// <summary>What the judge said about a pair in one order.</summary>
/// <param name="Order">"normal" (model1 in slot A) or "reversed".</param>
/// <param name="Verdict">By slot; null unless <paramref name="Status"/> is "judged".</param>
/// <param name="Status">"judged", "unparsed" or "failed".</param>
/// <param name="Text">The judge's last reply; empty when none came.</param>
/// <param name="Attempts">Calls made, 1 or 2.</param>
/// <param name="Reason">Why there is no verdict; null when there is one.</param>
public sealed record Judgment(string Order, Verdict? Verdict, string Status, string Text, int Attempts, string? Reason)
{
    public const string Judged = "judged";
    public const string Unparsed = "unparsed";
    public const string Failed = "failed";

    /// <summary>The reason of a whole reply without a verdict.</summary>
    internal const string NoVerdict = "the reply has none, or more than one, of [[A]], [[B]] and [[TIE]]";

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["order"] = Order,
            ["verdict"] = EvaluationWords.Of(Verdict),
            ["status"] = Status,
            ["text"] = Text,
            ["attempts"] = Attempts,
        };
        if (Reason is not null)
        {
            json["reason"] = Reason;
        }

        return json;
    }
}
