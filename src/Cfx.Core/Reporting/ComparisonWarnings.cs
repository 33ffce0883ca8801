using System.Globalization;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;
using Nodes = System.Text.Json.Nodes;

namespace Cfx.Core.Reporting;

/// <summary>What a reader must know before believing a comparison.</summary>
public static class ComparisonWarnings
{
    private const double HighFailureRate = 0.02;
    private const double LowConsistency = JudgeReliabilityResult.LowConsistency;
    private const int SmallN = 100;
    private const int FewDecisive = 10;

    /// <summary>Sentences, the gravest first; none when all is well.</summary>
    public static IReadOnlyList<string> Of(ComparisonResult result)
    {
        var s = result.Statistics;
        var warnings = new List<string>();
        if (s.N == 0)
        {
            warnings.Add(Invariant($"None of {s.Attempted} pairs could be judged in both orders."));
            return warnings;
        }

        var told = result.Metadata["warnings"] is Nodes.JsonArray array ? array.OfType<Nodes.JsonValue>().Select(w => Told(w.ToString(), result.Metadata)).ToList() : [];
        warnings.AddRange(told);
        if (s.FailureRate > HighFailureRate && !told.Exists(w => w.StartsWith(EvaluationWarnings.Incomplete, StringComparison.Ordinal)) && result.Metadata["warn_incomplete"] is null)
        {
            warnings.Add(Invariant($"{s.FailedTotal} of {s.Attempted} pairs ({s.FailureRate * 100:0.0} %) are incomplete and outside the rates."));
        }

        if (result.HasP && result.HolmP < ComparisonResult.Alpha && s.FailedTotal > 0 && result.Details.Bounds is not null && s.WorstCase.Contains(0.5))
        {
            warnings.Add(Invariant(
                $"The conclusion depends on the incomplete pairs: had all gone one way, the win rate could be {s.WorstCase.Lower:0.000} or {s.WorstCase.Upper:0.000}."));
        }

        if (result.Details.Panel?.Contradiction is var (one, other))
        {
            warnings.Add(Invariant(
                $"The judges contradict each other: {one.Judge} prefers {result.Model1} (win rate {one.Statistics.HalfCredit.H:0.000}), {other.Judge} prefers {result.Model2} ({other.Statistics.HalfCredit.H:0.000}), each with its whole interval."));
        }

        if (s.N < SmallN)
        {
            warnings.Add(Invariant($"Only {s.N} pairs: no more than a large difference can show, and the absence of one shows nothing."));
        }

        if (Math.Min(s.Wins, s.Losses) < FewDecisive)
        {
            warnings.Add("The interval is approximate: fewer than 10 pairs were won or were lost.");
        }

        if (result.Details is { SingleOrder: { } single } details)
        {
            warnings.Add(single.H is null
                ? Invariant($"All {s.N} pairs were judged in one order: the pull of the place cannot be taken out, so there is no estimate (pooled: {single.PooledH:0.000}).")
                : "Each pair was judged in one order: what a single pair owes to its order cannot be told. Its pairs are in no rating and no group, and figures that would pool the orders are left out.");
            if (details.WithoutOrder > 0)
            {
                warnings.Add(Invariant($"{details.WithoutOrder} pairs do not tell in which order they were judged; they are outside the rates."));
            }

            if (details.IgnoresClusters)
            {
                warnings.Add("Several pairs come from one conversation; the estimate takes them for independent, so its interval is too narrow and its p too small.");
            }

            return warnings;
        }

        if (s.OrderConsistency < LowConsistency)
        {
            warnings.Add(Invariant(
                $"The judge held to its verdict in both orders for only {s.OrderConsistency * 100:0} % of the pairs ({s.Ties.FlipFirst} times it preferred what stood first, {s.Ties.FlipSecond} times what stood second)."));
        }

        if (result.Details.Judge is { OrderKappa.Kappa: < JudgeReliabilityResult.LowKappa } judge)
        {
            warnings.Add(Invariant($"The two orders agree little beyond chance (kappa {judge.OrderKappa.Kappa:0.00})."));
        }

        if (s.Clusters is { } clusters)
        {
            warnings.Add(Invariant(
                $"{s.N} pairs come from {clusters.Clusters} conversations: errors are clustered, and the test is {PrimaryTestName(s.PrimaryTest)} in place of the sign test."));
        }

        return warnings;
    }

    private static string Told(string warning, Nodes.JsonObject metadata) => warning.StartsWith(EvaluationWarnings.Incomplete, StringComparison.Ordinal)
        ? IncompleteReasons.Named(warning, OriginalRow.Name(metadata, "model1") ?? "model1", OriginalRow.Name(metadata, "model2") ?? "model2")
        : warning;

    private static string PrimaryTestName(string test) => test switch
    {
        "sign_flip" => "the exact sign-flip test over conversations",
        "cluster_t" => "the t test over conversations",
        _ => "the sign test over conversations",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
