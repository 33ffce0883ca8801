namespace Cfx.Core.Statistics;

/// <summary>What looking early costs: the exact chance that a sign test is significant at some look although the arms are equal.</summary>
public static class RepeatedLooks
{
    /// <param name="decisive">Decided pairs at the last look, at least 1.</param>
    /// <param name="looks">Equally spaced, the last at the end; 1 to <paramref name="decisive"/>.</param>
    /// <param name="alpha">The level used at each look.</param>
    /// <returns>0 to 1; at most <paramref name="alpha"/> for one look. Takes time in the square of <paramref name="decisive"/>.</returns>
    public static double TypeOneError(int decisive, int looks, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decisive, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(looks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(looks, decisive);
        var going = new double[decisive + 1];
        going[0] = 1;
        double stopped = 0;
        var look = 1;
        for (var n = 1; n <= decisive; n++)
        {
            for (var wins = n; wins >= 0; wins--)
            {
                going[wins] = 0.5 * (going[wins] + (wins == 0 ? 0 : going[wins - 1]));
            }

            if (n != (long)decisive * look / looks)
            {
                continue;
            }

            look++;
            // Significant are the ends; from each, inwards, until the first that is not.
            for (var wins = 0; 2 * wins < n && SignTest.TwoSided(wins, n - wins).PValue <= alpha; wins++)
            {
                stopped += going[wins] + going[n - wins];
                going[wins] = 0;
                going[n - wins] = 0;
            }
        }

        return stopped;
    }
}
