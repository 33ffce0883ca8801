using System.Globalization;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting;

/// <summary>A paragraph for a paper's methods section: what was done, with this study's numbers, and no more than was done.</summary>
internal static class MethodsParagraph
{
    public static string Of(StudyAnalysis analysis)
    {
        var both = analysis.Comparisons.Where(c => c.Details.SingleOrder is null).ToList();
        var m = analysis.Comparisons.Count;
        var text = new List<string>();
        var (judge, rule) = Judge(analysis);
        var contexts = analysis.Comparisons.Count == 0 ? 0 : analysis.Comparisons.Max(c => c.Statistics.Attempted);
        text.Add(Invariant($"Two systems at a time were compared on up to {contexts} contexts ({m} planned {(m == 1 ? "comparison" : "comparisons")}). "));
        text.AddRange(LeftOut(analysis));
        text.Add(both.Count == m
            ? $"{judge} judged every pair of answers twice, with the answers in either order, since such judges favour positions (Zheng et al. 2023); {rule}a pair was won only if both orders agreed, and every other pair with two verdicts was a tie. "
            : both.Count == 0
                ? $"{judge} judged every pair of answers once, in one of the two orders; the rates of the two orders were averaged with equal weights, which cancels a constant preference for a position. "
                : "Some comparisons were judged in both orders and some in one; the latter weigh the two orders alike. ");
        text.Add(both.Count == 0
            ? "The effect is the win rate h with ties counting half, with intervals put together from those of the two orders (Zou and Donner 2008)"
            : "The effect is the win rate h with ties counting half, with Student's t intervals" + (both.Count < m ? " (put together from those of the two orders where pairs were judged in one: Zou and Donner 2008)" : string.Empty));
        text.Add(analysis.Comparisons.Any(c => c.Details.Bootstrap.Status == "done")
            ? Invariant($" and percentile bootstrap intervals over conversations (Efron 1979; B = {analysis.Comparisons.Max(c => c.Details.Bootstrap.Replicates)}, seed {analysis.Seed}). ")
            : ". ");
        text.Add(Invariant($"Differences were tested by {PrimaryTests(analysis)}. "));
        text.Add(Invariant($"p-values were adjusted by Holm's method (1979) over {m} planned {(m == 1 ? "comparison" : "comparisons")}, at a level of {ComparisonResult.Alpha}. "));
        if (analysis.EquivalenceMargin is { } margin)
        {
            text.Add(Invariant($"Equality to within {margin} of h = 0.5 was tested by {EqualityTest(analysis)} (Schuirmann 1987). "));
        }

        if (analysis.Ratings is { HasRatings: true } ratings)
        {
            text.Add("Ratings are Davidson's (1970) extension of the Bradley-Terry model to ties"
                + (ratings.HasIntervals ? ", with intervals from resampling conversations" : string.Empty)
                + (ratings.IsRegularised ? "; since they would be infinite or unsteady, half a pseudo-count was added to each of win, tie and loss of each comparison. " : ". "));
        }

        if (analysis.Comparisons.Any(c => c.Details.Length.Unsupported is null))
        {
            text.Add("Length-controlled win rates follow the idea of Dubois et al. (2024), by fractional logistic regression of the score on the scaled difference of lengths (Papke and Wooldridge 1996). ");
        }

        text.Add(Invariant($"Intervals of shares are Wilson's (1927). Pairs without two verdicts or answers ({analysis.Comparisons.Sum(c => c.Statistics.FailedTotal)} of {analysis.Comparisons.Sum(c => c.Statistics.Attempted)}) are in no rate and bounded by the worst case. "));
        text.Add(analysis.Replicates.Count > 0
            ? "Arms were trained more than once; the spread over trainings is reported apart."
            : "Intervals cover the sampling of contexts, not the variation between trainings.");
        text.Add(Checks(analysis));
        return string.Concat(text) + (analysis.IsSandbox ? " The models were small imitations for testing the pipeline; the figures say nothing about real models." : string.Empty);
    }

    // What was not made of this study is no part of its methods.
    private static string Checks(StudyAnalysis analysis)
    {
        var text = string.Empty;
        if (analysis.Audit is { Differences.Count: 0 } audit)
        {
            var (negative, positive) = (audit.Json["negative"]?["complete"]?.ToJsonString() ?? "0", audit.Json["positive"]?["complete"]?.ToJsonString() ?? "0");
            text += $" The judge {audit.Judge} was held against users' feedback, on rewrites of {negative} disliked answers and on alternatives to {positive} liked ones.";
        }

        if (analysis.Human is { Judged: > 0, Differences.Count: 0 } human)
        {
            text += Invariant($" People, blind to the arms, judged {human.Judged} pairs, and their agreement with the judge is given as Cohen's kappa (1960).");
        }

        return text;
    }

    // Each test that a comparison with data got, and where.
    private static string PrimaryTests(StudyAnalysis analysis)
    {
        var used = analysis.Comparisons.Where(c => c.Statistics.HalfCredit.H is not null).Select(c => c.Statistics.PrimaryTest).ToHashSet(StringComparer.Ordinal);
        var overConversations = new[] { ("sign_flip", "sign-flip test"), ("cluster_t", "t test"), ("cluster_sign_test", "sign test") }
            .Where(t => used.Contains(t.Item1)).Select(t => t.Item2).ToList();
        var tests = new List<string>();
        if (used.Contains("sign_test") || used.Count == 0)
        {
            tests.Add("the exact two-sided sign test on won and lost pairs");
        }

        if (overConversations.Count > 0)
        {
            tests.Add($"{Where("conversations gave several pairs")}the {string.Join(" or the ", overConversations)} over conversations");
        }

        if (used.Contains("order_permutation"))
        {
            tests.Add($"{Where("pairs were judged in one order")}an exact two-sided permutation test of whether the answer shown first wins as often in either order");
        }

        return string.Join(", or, ", tests);

        string Where(string condition) => tests.Count == 0 ? string.Empty : $"where {condition}, by ";
    }

    // A rate that has no Student's t interval has no t test of its equality either.
    private static string EqualityTest(StudyAnalysis analysis)
    {
        var byInterval = analysis.Comparisons.Where(c => c.Statistics.HalfCredit.H is not null)
            .Select(c => c.Details.SingleOrder is not null || c.Statistics.HalfCredit.StandardError is not > 0).Distinct().ToList();
        return byInterval switch
        {
            [false] or [] => "two one-sided t tests",
            [true] => "two one-sided tests read from the rate's interval",
            _ => "two one-sided tests, t tests or, where the rate has no Student's t interval, read from its interval",
        };
    }

    // Whose verdict counts: one model's, or a panel's by majority in each order.
    private static (string Who, string Rule) Judge(StudyAnalysis analysis)
    {
        var panels = analysis.Comparisons.Select(c => string.Join("; ", EvaluationJudge.Panel(c.Metadata))).Distinct(StringComparer.Ordinal).ToList();
        var temperatures = analysis.Comparisons.Select(c => EvaluationJudge.Temperature(c.Metadata)).Distinct(StringComparer.Ordinal).ToList();
        var temperature = temperatures is [{ } same] ? same : null;
        if (panels is [{ Length: > 0 } panel])
        {
            var count = EvaluationJudge.Panel(analysis.Comparisons[0].Metadata).Count;
            return (
                Invariant($"{count} language models ({panel}){(temperature is null ? string.Empty : $", each at temperature {temperature},")}"),
                "what the majority of them said in an order was that order's verdict, and a tie where there was none; ");
        }

        if (panels.Count > 1)
        {
            return ("Language models, not the same in all comparisons,", string.Empty);
        }

        var judges = analysis.Comparisons.Select(c => EvaluationJudge.Name(c.Metadata)).Distinct(StringComparer.Ordinal).ToList();
        return (judges is [{ } one] ? $"A language model ({one}{(temperature is null ? string.Empty : $", temperature {temperature}")})" : "A language model", string.Empty);
    }

    // What the training data lacks and what the test lacks: a reader cannot know it from the figures.
    private static IEnumerable<string> LeftOut(StudyAnalysis analysis)
    {
        if (analysis.Flow.FirstOrDefault(f => f.Stage == "Prepare")?.Counts is { } prepare
            && prepare["left_out_items"] is JsonValue value && value.TryGetValue<long>(out var items) && items > 0)
        {
            yield return Invariant($"{items} {(items == 1 ? "item" : "items")} for which a method gave no usable answer were left out of the training data of all arms that rewrite. ");
        }

        if (analysis.Leakage is not { } leakage)
        {
            yield break;
        }

        if (leakage.Overlapping.Count > 0)
        {
            yield return Invariant($"{leakage.Overlapping.Count} of {leakage.TestContexts} test contexts that were found in training data were left out of the comparisons")
                + (leakage.IsExcessive ? Invariant($", which is more than the {Auditing.LeakageReport.MaxShare * 100:0} % with which the study was to conclude; it was told to conclude all the same. ") : ". ");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
