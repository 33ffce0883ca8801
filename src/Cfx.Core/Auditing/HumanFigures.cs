using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Auditing;

/// <summary>What people's verdicts come to, seen from each pair's first arm; errors are clustered where a conversation gave several pairs.</summary>
internal static class HumanFigures
{
    private const double Confidence = ComparisonStatistics.Confidence;

    /// <summary>Agreement with the judge over all pairs that it has a verdict on.</summary>
    internal static VerdictAgreementResult Agreement(IEnumerable<HumanVerdict> verdicts) => VerdictAgreement.From(BesideJudge(verdicts), Confidence);

    /// <summary>People's verdicts by the judge's, over all pairs.</summary>
    internal static JsonObject Matrix(IEnumerable<HumanVerdict> verdicts)
    {
        var matrix = VerdictAgreement.Count(BesideJudge(verdicts).All);
        return new JsonObject
        {
            ["categories"] = new JsonArray("model1", "tie", "model2"),
            ["human_rows_judge_columns"] = new JsonArray([.. Enumerable.Range(0, 3).Select(i => (JsonNode)new JsonArray(matrix[i, 0], matrix[i, 1], matrix[i, 2]))]),
        };
    }

    /// <summary>People's win rate and agreement by comparison, in the order in which comparisons first come.</summary>
    internal static JsonArray Comparisons(IEnumerable<HumanVerdict> verdicts) =>
        new([.. verdicts.GroupBy(v => (v.Model1, v.Model2)).Select(c => (JsonNode)Comparison(c.Key.Model1, c.Key.Model2, [.. c]))]);

    private static JsonObject Comparison(string model1, string model2, IReadOnlyList<HumanVerdict> verdicts)
    {
        var scores = new ClusterHalfCredit();
        foreach (var verdict in verdicts)
        {
            scores.Add(verdict.ConversationId, 1 - (Column(verdict.Human) / 2.0));
        }

        long Count(OutcomeKind outcome) => verdicts.Count(v => v.Human == outcome);
        var (wins, ties, losses) = (Count(OutcomeKind.Win), Count(OutcomeKind.Tie), Count(OutcomeKind.Loss));
        var rate = scores.IsClustered ? scores.Estimate(Confidence).HalfCredit : HalfCredit.FromCounts(wins, ties, losses, Confidence);
        return new JsonObject
        {
            ["model1"] = model1,
            ["model2"] = model2,
            ["n"] = rate.N,
            ["wins"] = wins,
            ["ties"] = ties,
            ["losses"] = losses,
            ["h"] = rate.H,
            ["ci95"] = AgreementJson.Of(rate.Interval),
            ["agreement"] = AgreementJson.Of(Agreement(verdicts)),
        };
    }

    private static ConversationItems<(int One, int Other)> BesideJudge(IEnumerable<HumanVerdict> verdicts)
    {
        var items = new ConversationItems<(int One, int Other)>();
        foreach (var verdict in verdicts)
        {
            if (verdict.Judge is { } judge)
            {
                items.Add(verdict.ConversationId, (Column(verdict.Human), Column(judge)));
            }
        }

        return items;
    }

    private static int Column(OutcomeKind outcome) => outcome switch { OutcomeKind.Win => 0, OutcomeKind.Tie => 1, _ => 2 };
}
