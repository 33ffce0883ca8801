using Cfx.Core.Evaluation;

namespace Cfx.Core.Tests.Evaluation;

/// <summary>The table itself is held by the reference numbers; here is what must hold across it.</summary>
public sealed class PairOutcomeTests
{
    private static readonly Verdict?[] Verdicts = [Verdict.A, Verdict.B, Verdict.Tie, null];

    [Test]
    public void Exchanging_the_models_turns_the_outcome_round()
    {
        foreach (var normal in Verdicts)
        {
            foreach (var reversed in Verdicts)
            {
                // With the models exchanged, what was the reversed call is now the normal one, and its slots stay.
                Assert.That(PairOutcome.Combine(reversed, normal), Is.EqualTo(PairOutcome.Combine(normal, reversed).Reversed()), $"{normal}, {reversed}");
            }
        }
    }

    [Test]
    public void A_judge_that_looks_only_at_the_place_never_makes_a_winner()
    {
        foreach (var verdict in Verdicts)
        {
            Assert.That(PairOutcome.Combine(verdict, verdict).Outcome, Is.AnyOf(OutcomeKind.Tie, OutcomeKind.Incomplete));
        }
    }

    [Test]
    public void Only_ties_have_a_kind() =>
        Assert.That(
            from normal in Verdicts
            from reversed in Verdicts
            let pair = PairOutcome.Combine(normal, reversed)
            select (pair.Outcome == OutcomeKind.Tie) == (pair.TieKind is not null),
            Is.All.True);
}
