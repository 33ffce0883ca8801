using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>What one comparison's pairs say, seen from model1. The unit is the pair after both orders are combined.</summary>
public sealed record ComparisonStatistics
{
    /// <summary>Of every interval here that does not say otherwise.</summary>
    public const double Confidence = 0.95;

    /// <summary>Incomplete pairs by cause.</summary>
    public required IReadOnlyDictionary<IncompleteCause, long> Failed { get; init; }

    public required long Wins { get; init; }

    public required long Losses { get; init; }

    public required TieCounts Ties { get; init; }

    /// <summary>The headline: share won, ties counting half; with the clustered error where conversations gave several pairs.</summary>
    public required HalfCreditResult HalfCredit { get; init; }

    /// <summary>The headline's interval at 1 - 0.05 / comparisons.</summary>
    public required Interval Simultaneous { get; init; }

    /// <summary>The same with each order's verdict credited apart.</summary>
    public required HalfCreditResult Averaged { get; init; }

    /// <summary>Wilson's, for the share of wins among wins and losses; at the effective number of pairs where conversations gave several.</summary>
    public required Interval DecisiveInterval { get; init; }

    /// <summary>Of the share of incomplete pairs: Wilson's, likewise; null takes the counts as independent.</summary>
    public Interval? FailureInterval { get; init; }

    /// <summary>Exact when each conversation gave one pair.</summary>
    public required SignTestResult Sign { get; init; }

    /// <summary>Only where conversations gave several pairs.</summary>
    public ClusterHalfCreditResult? Clusters { get; init; }

    /// <summary>"sign_test", or with several pairs a conversation "sign_flip", "cluster_t" or "cluster_sign_test"; with pairs judged in
    /// one order each "order_permutation".</summary>
    public required string PrimaryTest { get; init; }

    /// <summary>Of <see cref="PrimaryTest"/>: what the adjustment for several comparisons starts from; null where the test is undefined.</summary>
    public required double? PrimaryP { get; init; }

    /// <summary>Its decimal logarithm, where the test gives one; else null.</summary>
    public double? PrimaryLog10P { get; init; }

    /// <summary>Complete pairs.</summary>
    public long N => Wins + Losses + Ties.Total;

    public long FailedTotal => Failed.Values.Sum();

    public long Attempted => N + FailedTotal;

    /// <summary>Incomplete over attempted; null without a pair.</summary>
    public double? FailureRate => Share(FailedTotal, Attempted);

    /// <summary>Wins over wins and losses; null when there are neither.</summary>
    public double? DecisiveRate => Share(Wins, Wins + Losses);

    /// <summary>Share of pairs in which both orders agree; null without data.</summary>
    public double? OrderConsistency => Share(Wins + Losses + Ties.Consistent, N);

    /// <summary>The half-credit rate if all incomplete pairs were lost, and if all were won.</summary>
    public Interval WorstCase => Attempted == 0
        ? Interval.Unknown
        : new Interval((Wins + (Ties.Total / 2.0)) / Attempted, (Wins + (Ties.Total / 2.0) + FailedTotal) / Attempted);

    /// <summary>All of it in snake_case; what is undefined is null.</summary>
    public JsonObject ToJson()
    {
        var failed = new JsonObject { ["total"] = FailedTotal };
        foreach (var cause in Enum.GetValues<IncompleteCause>())
        {
            failed[EvaluationWords.Of(cause)] = Failed.GetValueOrDefault(cause);
        }

        return new JsonObject
        {
            ["n_attempted"] = Attempted,
            ["n_failed"] = failed,
            ["failure_rate"] = FailureRate,
            ["failure_ci95"] = Json(FailureInterval ?? Wilson.For(FailedTotal, Attempted, Confidence)),
            ["n"] = N,
            ["wins"] = Wins,
            ["losses"] = Losses,
            ["ties"] = new JsonObject
            {
                ["total"] = Ties.Total,
                ["consistent"] = Ties.Consistent,
                ["flip_first"] = Ties.FlipFirst,
                ["flip_second"] = Ties.FlipSecond,
                ["soft"] = Ties.Soft,
            },
            ["win_rate"] = Share(Wins, N),
            ["loss_rate"] = Share(Losses, N),
            ["tie_rate"] = Share(Ties.Total, N),
            ["h"] = HalfCredit.H,
            ["se"] = HalfCredit.StandardError,
            ["ci95"] = Json(HalfCredit.Interval),
            ["ci_method"] = HalfCredit.Method,
            ["ci_simultaneous"] = Json(Simultaneous),
            ["net_win"] = HalfCredit.NetWin,
            ["h_averaged"] = Averaged.H,
            ["se_averaged"] = Averaged.StandardError,
            ["decisive_rate"] = DecisiveRate,
            ["wilson95"] = Json(DecisiveInterval),
            ["sign_p"] = Sign.PValue,
            ["sign_log10_p"] = Sign.Log10P,
            ["primary_test"] = PrimaryTest,
            ["primary_p"] = PrimaryP,
            ["clusters"] = Clusters is null ? null : new JsonObject
            {
                ["conversations"] = Clusters.Clusters,
                ["se_iid"] = Clusters.NaiveStandardError,
                ["design_effect"] = Clusters.DesignEffect,
                ["t"] = Clusters.T,
                ["p"] = Clusters.PValue,
                // What is still counted as if pairs were independent.
                ["as_independent"] = new JsonArray("sign_p", "sign_log10_p"),
            },
            ["order_consistency"] = OrderConsistency,
            ["flip_rate"] = Share(Ties.Flips, N),
            ["bounds"] = new JsonObject { ["h_low"] = WorstCase.Lower, ["h_high"] = WorstCase.Upper },
        };
    }

    private static JsonArray Json(Interval interval) => new(interval.Lower, interval.Upper);

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
