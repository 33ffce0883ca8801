namespace Cfx.Core.Statistics;

/// <summary>All arms' ratings with their uncertainty.</summary>
/// <param name="Fit">The ratings. Where <see cref="DavidsonFit.Prior"/> is above 0 they are regularised, and a report says so.</param>
/// <param name="RawStatus">Of the fit without a prior.</param>
/// <param name="Conversations">The units.</param>
/// <param name="ClusterErrors">Of theta, conversations being the units; the first arm's 0; empty without ratings or below two
/// conversations.</param>
/// <param name="Intervals">Of theta, by resampling conversations; the first arm's [0, 0]; empty without ratings or below two
/// conversations.</param>
/// <param name="Contrasts">Every two arms; empty where <paramref name="Intervals"/> is.</param>
/// <param name="Replicates">How many resamples.</param>
/// <param name="Refitted">Resamples without finite ratings, fitted with a prior of 0.5 instead.</param>
/// <param name="Lost">Resamples without ratings even so; they count nowhere.</param>
/// <param name="Seed">What the resampling started from.</param>
public sealed record DavidsonRatingsResult(
    DavidsonFit Fit,
    DavidsonStatus RawStatus,
    int Conversations,
    IReadOnlyList<double> ClusterErrors,
    IReadOnlyList<Interval> Intervals,
    IReadOnlyList<DavidsonContrast> Contrasts,
    int Replicates,
    int Refitted,
    int Lost,
    ulong Seed)
{
    /// <summary>An arm's interval on Elo's scale.</summary>
    public Interval EloInterval(int arm) =>
        new(Intervals[arm].Lower * DavidsonFit.EloPerTheta, Intervals[arm].Upper * DavidsonFit.EloPerTheta);
}
