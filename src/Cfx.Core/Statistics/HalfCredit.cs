namespace Cfx.Core.Statistics;

/// <summary>The headline effect: the share of pairs won, a tie counting half.</summary>
public static class HalfCredit
{
    /// <summary>With a t interval, every pair being an independent unit.</summary>
    /// <param name="wins">At least 0.</param>
    /// <param name="ties">At least 0.</param>
    /// <param name="losses">At least 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static HalfCreditResult FromCounts(long wins, long ties, long losses, double confidence) =>
        FromScores([(1, wins), (0.5, ties), (0, losses)], confidence);

    /// <summary>The same for any scores in 0..1, such as those averaged over both orders.</summary>
    /// <param name="scores">How often each score was seen.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static HalfCreditResult FromScores(IReadOnlyList<(double Score, long Count)> scores, double confidence) =>
        FromScores(scores, null, confidence);

    /// <param name="scores">How often each score was seen.</param>
    /// <param name="quantile">Student's for these many scores, when the caller has it at hand; null to find it.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    internal static HalfCreditResult FromScores(IReadOnlyList<(double Score, long Count)> scores, double? quantile, double confidence)
    {
        long n = 0;
        double sum = 0;
        foreach (var (score, count) in scores)
        {
            n += count;
            sum += score * count;
        }

        if (n == 0)
        {
            return new HalfCreditResult(0, null, null, Interval.Unknown, "none");
        }

        var h = sum / n;
        if (n < 2)
        {
            return new HalfCreditResult(n, h, null, Interval.Unknown, "none");
        }

        double squares = 0;
        foreach (var (score, count) in scores)
        {
            squares += count * (score - h) * (score - h);
        }

        return WithT(n, h, Math.Sqrt(squares / (n - 1) / n), quantile ?? StudentTail.TwoSidedQuantile(confidence, n - 1), confidence);
    }

    /// <summary>Below ten wins or ten losses the t interval is only approximate, and a report says so: its coverage was 92.7% at 90% wins
    /// among 100.</summary>
    public static bool IsApproximate(long wins, long losses) => Math.Min(wins, losses) < 10;

    /// <param name="n">At least 2.</param>
    /// <param name="h">The rate.</param>
    /// <param name="standardError">Of <paramref name="h"/>; 0 falls back to Wilson's formula, wider than need be since Var(s) ≤ h(1 - h).</param>
    /// <param name="quantile">Student's, two-sided.</param>
    /// <param name="confidence">What <paramref name="quantile"/> stands for.</param>
    /// <param name="units">How many of the <paramref name="n"/> are independent: conversations, where these gave several pairs.</param>
    internal static HalfCreditResult WithT(long n, double h, double standardError, double quantile, double confidence, long? units = null)
    {
        if (standardError == 0)
        {
            var count = units ?? n;
            return new HalfCreditResult(n, h, 0, Wilson.For(Math.Min(h * count, count), count, confidence), "wilson_fallback");
        }

        var margin = quantile * standardError;
        return new HalfCreditResult(n, h, standardError, new Interval(Math.Max(0, h - margin), Math.Min(1, h + margin)), "t");
    }
}
