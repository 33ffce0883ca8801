namespace Cfx.Core.Statistics;

/// <summary>What resampling conversations says about an estimate.</summary>
/// <param name="Replicates">How many resamples gave a value.</param>
/// <param name="Empty">How many gave none, their total weight being 0.</param>
/// <param name="Mean">Of the replicates; null without any.</param>
/// <param name="StandardError">The replicates' standard deviation; null below two.</param>
/// <param name="Interval">Percentile interval, quantiles of type 7; null without replicates.</param>
public sealed record BootstrapResult(int Replicates, int Empty, double? Mean, double? StandardError, Interval? Interval)
{
    /// <summary>True when an end of the interval is more than 0.15 standard errors from the t interval's at 200 or more pairs, where the
    /// two ought to agree: a report then says so.</summary>
    /// <param name="t">The same rate by the t interval at the same confidence.</param>
    public bool DisagreesWith(HalfCreditResult t)
    {
        if (t.N < 200 || t.Method != "t" || t.StandardError is not { } error || Interval is null)
        {
            return false;
        }

        return Math.Abs(Interval.Lower - t.Interval.Lower) > 0.15 * error || Math.Abs(Interval.Upper - t.Interval.Upper) > 0.15 * error;
    }
}
