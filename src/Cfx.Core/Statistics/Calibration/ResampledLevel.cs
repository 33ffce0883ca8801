namespace Cfx.Core.Statistics.Calibration;

/// <summary>How the number of resamples moves a percentile interval, so that a simulation may take few where a report takes many.</summary>
/// <remarks>The truth stands among B resamples like one more of them. The k-th smallest of B has k/(B+1) of the truths below it (Hall 1986),
/// and type 7 puts the quantile q at k = (B-1)q + 1: a little further in than q, the more so the fewer resamples. At 95% an interval of 10,000
/// is one of 94.98%, one of 2,000 of 94.91%, but one of 199 of 94.05%.</remarks>
internal static class ResampledLevel
{
    /// <summary>The share of truths below the lower end, as many being above the upper one, if the bootstrap's distribution is right.</summary>
    /// <param name="replicates">Resamples, at least 1.</param>
    /// <param name="confidence">Of the interval, above 0, below 1.</param>
    public static double Tail(int replicates, double confidence) => (((replicates - 1) * (1 - confidence) / 2) + 1) / (replicates + 1);

    /// <summary>The confidence to ask of <paramref name="replicates"/> resamples for ends as far out as those of
    /// <paramref name="reported"/> resamples at <paramref name="confidence"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">So few resamples do not reach that far out.</exception>
    public static double Matching(int replicates, int reported, double confidence)
    {
        var quantile = (((replicates + 1) * Tail(reported, confidence)) - 1) / (replicates - 1);
        if (!(quantile > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(replicates), replicates, $"Too few for ends like those of {reported} resamples.");
        }

        return 1 - (2 * quantile);
    }
}
