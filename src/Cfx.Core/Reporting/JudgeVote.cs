using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>What one of several judges said of a pair.</summary>
/// <param name="Judge">The judge's model.</param>
/// <param name="Normal">Its verdict by slot with model1 in slot A; null when it gave none.</param>
/// <param name="Reversed">The same with model2 in slot A.</param>
public sealed record JudgeVote(string Judge, Verdict? Normal, Verdict? Reversed)
{
    /// <summary>The same vote with the models' names exchanged.</summary>
    public JudgeVote Exchanged() => this with { Normal = Reversed, Reversed = Normal };
}
