namespace Cfx.Core.Statistics;

/// <summary>An interval for the share of wins among decided pairs that holds at all times together: the shares against which the e-value has
/// not yet reached 1/alpha. Wider than Wilson's; it is for watching a run, not for its result.</summary>
public static class ConfidenceSequence
{
    /// <param name="wins">At least 0.</param>
    /// <param name="losses">At least 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static Interval For(long wins, long losses, double confidence)
    {
        if (wins + losses == 0)
        {
            return Interval.Unknown;
        }

        // ln E below -ln alpha, solved for the likelihood.
        var least = EValue.LnMixture(wins, losses) + Math.Log(1 - confidence);
        var q = (double)wins / (wins + losses);
        bool Held(double share) => EValue.LnLikelihood(wins, losses, share) > least;
        return new Interval(wins == 0 ? 0 : Edge(0, q, Held), losses == 0 ? 1 : Edge(1, q, Held));
    }

    /// <summary>Halves the way between a share that is not held and one that is; ln E is convex in the share, least at the one seen.</summary>
    private static double Edge(double outside, double inside, Func<double, bool> held)
    {
        for (var i = 0; i < 60 && outside != inside; i++)
        {
            var middle = (outside + inside) / 2;
            if (held(middle))
            {
                inside = middle;
            }
            else
            {
                outside = middle;
            }
        }

        // The wider of the two neighbours, so rounding never narrows it.
        return outside;
    }
}
