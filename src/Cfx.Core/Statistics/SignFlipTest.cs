using System.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>The exact test for a few clusters: under no difference, each cluster's sum is as likely with the other sign.</summary>
public static class SignFlipTest
{
    /// <summary>The most clusters for which all sign patterns are gone through.</summary>
    public const int MaxClusters = 20;

    /// <summary>The share of sign patterns whose total is at least as far from 0 as the one seen; 1 without clusters.</summary>
    /// <param name="clusterSums">At most <see cref="MaxClusters"/>.</param>
    public static double TwoSidedP(IReadOnlyList<double> clusterSums)
    {
        if (clusterSums.Count > MaxClusters)
        {
            throw new ArgumentException($"At most {MaxClusters} clusters, not {clusterSums.Count}.", nameof(clusterSums));
        }

        var total = clusterSums.Sum();
        // Sums are quarters; anything this near is a tie in rounding only.
        var seen = Math.Abs(total) - 1e-9;
        var patterns = 1 << clusterSums.Count;
        var extreme = 0;
        var negative = new bool[clusterSums.Count];
        for (var i = 0; i < patterns; i++)
        {
            if (i > 0)
            {
                // Gray code: neighbouring patterns differ in one sign.
                var flip = BitOperations.TrailingZeroCount(i);
                total += negative[flip] ? 2 * clusterSums[flip] : -2 * clusterSums[flip];
                negative[flip] = !negative[flip];
            }

            extreme += Math.Abs(total) >= seen ? 1 : 0;
        }

        return (double)extreme / patterns;
    }
}
