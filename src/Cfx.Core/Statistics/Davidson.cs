using MathNet.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>Ratings of several arms by Davidson's model (1970), Bradley and Terry's with ties: P(win) : P(tie) : P(loss) = e^(d/2) : nu :
/// e^(-d/2), d being the difference of two log strengths. Without any tie it is Bradley and Terry's.</summary>
public static class Davidson
{
    /// <summary>Fits by Newton's method.</summary>
    /// <param name="arms">How many, at least 2.</param>
    /// <param name="pairs">Comparisons without a pair say nothing.</param>
    /// <param name="prior">Pseudo-counts for each of wins, ties and losses of every compared pair; 0 for none, 0.5 to make ratings finite.</param>
    public static DavidsonFit Fit(int arms, IReadOnlyList<PairCounts> pairs, double prior = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(prior);
        var used = pairs.Where(p => p.Total > 0).ToList();
        if (!AreConnected(arms, used))
        {
            return DavidsonFit.Without(DavidsonStatus.Disconnected, prior);
        }

        var solver = new DavidsonSolver(arms, [.. used.Select(p => (p.First, p.Second))]);
        double[] counts = [.. used.SelectMany(p => new[] { p.Wins + prior, p.Ties + prior, p.Losses + prior })];
        if (!solver.Solve(counts))
        {
            return DavidsonFit.Without(DavidsonStatus.NoFiniteMle, prior);
        }

        var inverse = solver.InverseInformation();
        var theta = Enumerable.Range(0, arms).Select(solver.Theta).ToList();
        var errors = Enumerable.Range(0, arms).Select(a => a == 0 ? 0 : Math.Sqrt(inverse[(a - 1) * (solver.Parameters + 1)])).ToList();
        var (likelihood, deviance) = solver.Deviance(counts);
        // Each comparison has two free proportions, or one where ties are ruled out.
        var freedom = (used.Count * (solver.Nu > 0 ? 2 : 1)) - solver.Parameters;
        return new DavidsonFit(
            DavidsonStatus.Fitted,
            prior,
            theta,
            errors,
            solver.Nu,
            likelihood,
            deviance,
            freedom,
            freedom < 1 ? null : deviance <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, deviance / 2));
    }

    /// <summary>P(win) + P(tie)/2 at a difference of log strengths.</summary>
    internal static double ExpectedScore(double difference, double nu)
    {
        // Scaled by the larger term, so that nothing overflows.
        var scale = Math.Exp(-Math.Abs(difference) / 2);
        double larger = 1, tie = nu * scale, smaller = scale * scale;
        var win = difference >= 0 ? larger : smaller;
        return (win + (tie / 2)) / (larger + tie + smaller);
    }

    private static bool AreConnected(int arms, IReadOnlyList<PairCounts> pairs)
    {
        var group = Enumerable.Range(0, arms).ToArray();
        foreach (var pair in pairs)
        {
            var (from, to) = (group[pair.First], group[pair.Second]);
            for (var i = 0; i < arms; i++)
            {
                group[i] = group[i] == from ? to : group[i];
            }
        }

        return group.All(g => g == group[0]);
    }
}
