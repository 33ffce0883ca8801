using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>What the judge said in one order.</summary>
/// <param name="SlotA">The answer that it saw as A: 1 for the first-named arm's, 2 for the other's.</param>
/// <param name="Verdict">"A", "B", "TIE", or empty without one.</param>
/// <param name="Text">Its words.</param>
/// <param name="Judge">Which judge, where several were asked; else empty.</param>
/// <param name="Reason">Why there is no verdict; else empty.</param>
internal sealed record JudgmentText(int SlotA, string Verdict, string Text, string Judge, string Reason)
{
    public static JudgmentText Read(JsonObject judgment, bool isTurned) => new(
        Figures.Text(judgment, "order") == "reversed" == isTurned ? 1 : 2,
        Figures.Text(judgment, "verdict") ?? string.Empty,
        Figures.Text(judgment, "text") ?? string.Empty,
        Figures.Text(judgment, "judge") ?? string.Empty,
        Figures.Text(judgment, "reason") ?? string.Empty);
}
