using System.Text.Json.Nodes;
using Cfx.Core.Auditing;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Tests.Auditing;

public sealed class AuditFiguresTests
{
    [Test]
    public void A_judge_whose_orders_agree_only_as_chance_has_it_is_not_said_to_change_its_verdicts()
    {
        // 92 of 100 pairs alike in both orders, nearly all for the new answer.
        var figures = Figures((92, Verdict.A, Verdict.B), (8, Verdict.A, Verdict.A));

        Assert.That(Warnings(figures), Has.Some.StartsWith("The judge's two orders agree little more than chance would have it (kappa").And.None.Contains("for only"));
    }

    [Test]
    public void A_judge_that_changes_its_verdicts_is_told_by_how_often()
    {
        var figures = Figures((50, Verdict.A, Verdict.B), (50, Verdict.A, Verdict.A));

        Assert.That(Warnings(figures), Has.Some.EqualTo("The judge held to its verdict in both orders for only 50 % of the pairs."));
    }

    [Test]
    public void Pairs_of_one_conversation_are_one_unit()
    {
        var apart = Figures((30, Verdict.A, Verdict.B), (20, Verdict.A, Verdict.A), (10, Verdict.B, Verdict.A));
        var together = Figures(4, (30, Verdict.A, Verdict.B), (20, Verdict.A, Verdict.A), (10, Verdict.B, Verdict.A));

        Assert.That((double)together["negative"]!["rate"]!, Is.EqualTo((double)apart["negative"]!["rate"]!).Within(1e-12));
        Assert.That(Width(together["negative"]!["ci95"]), Is.GreaterThan(1.3 * Width(apart["negative"]!["ci95"])));
        Assert.That(Width(together["order"]!["consistency_ci95"]), Is.GreaterThan(1.3 * Width(apart["order"]!["consistency_ci95"])));
    }

    private static double Width(JsonNode? interval) => (double)interval![1]! - (double)interval[0]!;

    private static IEnumerable<string> Warnings(JsonObject figures) => figures["warnings"]!.AsArray().Select(w => (string)w!);

    private static JsonObject Figures(params (int Count, Verdict Normal, Verdict Reversed)[] pairs) => Figures(1, pairs);

    private static JsonObject Figures(int perConversation, params (int Count, Verdict Normal, Verdict Reversed)[] pairs)
    {
        var figures = new AuditFigures("judge", "writer");
        var i = 0;
        foreach (var (count, normal, reversed) in pairs)
        {
            for (var k = 0; k < count; k++, i++)
            {
                figures.Add(
                    $"i{i}", $"c{i / perConversation}", "UR2", isLiked: false,
                    [new Judgment(EvaluationWords.Normal, normal, Judgment.Judged, "", 1, null), new Judgment(EvaluationWords.Reversed, reversed, Judgment.Judged, "", 1, null)], again: null);
            }
        }

        return figures.Figures();
    }
}
