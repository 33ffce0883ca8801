namespace Cfx.Core.Statistics.Calibration;

/// <summary>Coverage and error of what depends on counts alone, by going through all counts instead of drawing them: what a simulation of
/// enough studies would come to.</summary>
internal static class ExactRates
{
    // Outcomes further out than this many standard deviations have less than 1e-8 of the probability.
    private const double Reach = 6;

    /// <summary>Coverage of the half-credit rate's t interval.</summary>
    /// <param name="n">Pairs.</param>
    /// <param name="outcomes">Chances of win, tie, loss and incomplete.</param>
    /// <param name="truth">The rate.</param>
    public static double HalfCreditCoverage(int n, double[] outcomes, double truth)
    {
        var complete = 1 - outcomes[3];
        double covered = 0, total = 0;
        foreach (var (pairs, chance) in Binomial(n, complete))
        {
            if (pairs < 2)
            {
                covered += chance;
                total += chance;
                continue;
            }

            var quantile = StudentTail.TwoSidedQuantile(0.95, pairs - 1);
            foreach (var (ties, tieChance) in Binomial(pairs, outcomes[1] / complete))
            {
                foreach (var (wins, winChance) in Binomial(pairs - ties, outcomes[0] / (outcomes[0] + outcomes[2])))
                {
                    var interval = HalfCredit.FromScores([(1, wins), (0.5, ties), (0, pairs - ties - wins)], quantile, 0.95).Interval;
                    var all = chance * tieChance * winChance;
                    total += all;
                    covered += truth >= interval.Lower - 1e-12 && truth <= interval.Upper + 1e-12 ? all : 0;
                }
            }
        }

        return covered / total;
    }

    /// <summary>Coverage of Wilson's interval for the decided pairs.</summary>
    /// <param name="n">Pairs.</param>
    /// <param name="outcomes">Chances of win, tie, loss and incomplete.</param>
    public static double DecidedCoverage(int n, double[] outcomes) => OverDecided(n, outcomes, (wins, decided, q) =>
    {
        var interval = Wilson.For(wins, decided, 0.95);
        return q >= interval.Lower - 1e-12 && q <= interval.Upper + 1e-12;
    });

    /// <summary>How often the sign test has p ≤ 0.05.</summary>
    /// <param name="n">Pairs.</param>
    /// <param name="outcomes">Chances of win, tie, loss and incomplete.</param>
    public static double SignTestRejection(int n, double[] outcomes) =>
        OverDecided(n, outcomes, (wins, decided, _) => SignTest.TwoSided(wins, decided - wins).PValue <= 0.05);

    /// <summary>Coverage of Wilson's interval for a plain share.</summary>
    /// <param name="n">Units.</param>
    /// <param name="share">The truth.</param>
    public static double WilsonCoverage(int n, double share)
    {
        double covered = 0, total = 0;
        foreach (var (count, chance) in Binomial(n, share))
        {
            total += chance;
            covered += Wilson.For(count, n, 0.95).Contains(share) ? chance : 0;
        }

        return covered / total;
    }

    private static double OverDecided(int n, double[] outcomes, Func<int, int, double, bool> holds)
    {
        var q = outcomes[0] / (outcomes[0] + outcomes[2]);
        double held = 0, total = 0;
        foreach (var (decided, chance) in Binomial(n, outcomes[0] + outcomes[2]))
        {
            foreach (var (wins, winChance) in Binomial(decided, q))
            {
                total += chance * winChance;
                held += holds(wins, decided, q) ? chance * winChance : 0;
            }
        }

        return held / total;
    }

    private static List<(int Count, double Chance)> Binomial(int n, double p)
    {
        if (p >= 1 - 1e-15 || p <= 0 || n == 0)
        {
            return [(p > 0 ? n : 0, 1)];
        }

        var spread = (Reach * Math.Sqrt(n * p * (1 - p))) + 2;
        var from = Math.Max(0, (int)((n * p) - spread));
        var to = Math.Min(n, (int)((n * p) + spread));
        var result = new List<(int, double)>(to - from + 1);
        var chance = Math.Exp(
            MathNet.Numerics.SpecialFunctions.GammaLn(n + 1.0)
            - MathNet.Numerics.SpecialFunctions.GammaLn(from + 1.0)
            - MathNet.Numerics.SpecialFunctions.GammaLn(n - from + 1.0)
            + (from * Math.Log(p)) + ((n - from) * Math.Log(1 - p)));
        for (var k = from; k <= to; k++)
        {
            result.Add((k, chance));
            chance *= (double)(n - k) / (k + 1) * p / (1 - p);
        }

        return result;
    }
}
