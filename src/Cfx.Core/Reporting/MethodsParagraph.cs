using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Reporting;

/// <summary>A paragraph for a paper's methods section: what was done, with this study's numbers, and no more than was done.</summary>
internal static class MethodsParagraph
{
    public static string Of(StudyAnalysis analysis)
    {
        var both = analysis.Comparisons.Where(c => c.Details.SingleOrder is null).ToList();
        var m = analysis.Comparisons.Count;
        var text = new List<string>();
        var contexts = analysis.Comparisons.Count == 0 ? 0 : analysis.Comparisons.Max(c => c.Statistics.Attempted);
        text.Add(Invariant($"Two systems at a time were compared on up to {contexts} contexts ({m} planned {(m == 1 ? "comparison" : "comparisons")}). "));
        text.Add(both.Count == m
            ? $"{Judge(analysis)} judged every pair of answers twice, with the answers in either order, since such judges favour positions (Zheng et al. 2023); a pair was won only if both orders agreed, and every other pair with two verdicts was a tie. "
            : both.Count == 0
                ? $"{Judge(analysis)} judged every pair of answers once, in one of the two orders; the rates of the two orders were averaged with equal weights, which cancels a constant preference for a position. "
                : "Some comparisons were judged in both orders and some in one; the latter weigh the two orders alike. ");
        text.Add("The effect is the win rate h with ties counting half, with Student's t intervals");
        text.Add(analysis.Comparisons.Any(c => c.Details.Bootstrap.Status == "done")
            ? Invariant($" and percentile bootstrap intervals over conversations (Efron 1979; B = {analysis.Comparisons.Max(c => c.Details.Bootstrap.Replicates)}, seed {analysis.Seed}). ")
            : ". ");
        text.Add(Test(analysis, both.Count));
        text.Add(Invariant($"p-values were adjusted by Holm's method (1979) over {m} planned {(m == 1 ? "comparison" : "comparisons")}, at a level of {ComparisonResult.Alpha}. "));
        if (analysis.EquivalenceMargin is { } margin)
        {
            text.Add(Invariant($"Equality to within {margin} of h = 0.5 was tested by two one-sided t tests (Schuirmann 1987). "));
        }

        if (analysis.Ratings is { HasRatings: true })
        {
            text.Add("Ratings are Davidson's (1970) extension of the Bradley-Terry model to ties, with intervals from resampling conversations. ");
        }

        if (analysis.Comparisons.Any(c => c.Details.Length.Unsupported is null))
        {
            text.Add("Length-controlled win rates follow the idea of Dubois et al. (2024), by fractional logistic regression of the score on the scaled difference of lengths (Papke and Wooldridge 1996). ");
        }

        text.Add(Invariant($"Intervals of shares are Wilson's (1927). Pairs without two verdicts or answers ({analysis.Comparisons.Sum(c => c.Statistics.FailedTotal)} of {analysis.Comparisons.Sum(c => c.Statistics.Attempted)}) are in no rate and bounded by the worst case. "));
        text.Add(analysis.Replicates.Count > 0
            ? "Arms were trained more than once; the spread over trainings is reported apart."
            : "Intervals cover the sampling of contexts, not the variation between trainings.");
        return string.Concat(text) + (analysis.IsSandbox ? " The models were small imitations for testing the pipeline; the figures say nothing about real models." : string.Empty);
    }

    private static string Test(StudyAnalysis analysis, int bothOrders) =>
        bothOrders == 0 ? "Differences were tested by an exact two-sided permutation test of whether the answer shown first wins as often in either order. "
        : analysis.Comparisons.Any(c => c.Statistics.Clusters is not null)
            ? "Differences were tested by the exact two-sided sign test on won and lost pairs, or, where conversations gave several pairs, by the sign-flip or t test over conversations. "
            : "Differences were tested by the exact two-sided sign test on won and lost pairs. ";

    private static string Judge(StudyAnalysis analysis)
    {
        var judges = analysis.Comparisons
            .Select(c => c.Metadata["judge"] is JsonObject judge && RecordFields.Text(judge, "model") is { } model
                ? model + (judge["temperature"] is { } t ? $", temperature {t.ToJsonString()}" : string.Empty)
                : null)
            .Distinct(StringComparer.Ordinal).ToList();
        return judges is [{ } one] ? $"A language model ({one})" : "A language model";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
