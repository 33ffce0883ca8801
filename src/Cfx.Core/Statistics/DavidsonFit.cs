namespace Cfx.Core.Statistics;

/// <summary>Ratings from one fit.</summary>
/// <param name="Status">The lists are empty and the numbers null unless it is <see cref="DavidsonStatus.Fitted"/>.</param>
/// <param name="Prior">Pseudo-counts added to each of wins, ties and losses of every compared pair; 0 for the plain likelihood.</param>
/// <param name="Theta">Log strengths by arm, the first arm's 0.</param>
/// <param name="ThetaErrors">From the information, as if all pairs were independent; the first arm's 0.</param>
/// <param name="Nu">How readily equal arms tie: P(tie) = nu/(2 + nu) between equals; 0 where no pair tied.</param>
/// <param name="LogLikelihood">Of the counts used.</param>
/// <param name="G2">Deviance against free proportions in each comparison.</param>
/// <param name="DegreesOfFreedom">Of <paramref name="G2"/>.</param>
/// <param name="FitP">Chance of a deviance so large if the ratings told all; below 0.01 read the pairwise table instead; null without degrees
/// of freedom.</param>
public sealed record DavidsonFit(
    DavidsonStatus Status,
    double Prior,
    IReadOnlyList<double> Theta,
    IReadOnlyList<double> ThetaErrors,
    double? Nu,
    double? LogLikelihood,
    double? G2,
    int? DegreesOfFreedom,
    double? FitP)
{
    /// <summary>Elo points for one unit of theta: 400 points are odds of 10 to 1.</summary>
    public static double EloPerTheta { get; } = 400 / Math.Log(10);

    /// <summary>The preferences are not transitive, or tie rates differ from comparison to comparison.</summary>
    public bool FitsBadly => FitP < 0.01;

    /// <summary>The rating on Elo's scale, the first arm's 0.</summary>
    /// <param name="arm">Its number.</param>
    public double Elo(int arm) => Theta[arm] * EloPerTheta;

    /// <summary>The half-credit rate that the ratings give the first of two arms, 0 to 1.</summary>
    /// <param name="first">Its number.</param>
    /// <param name="second">Its number.</param>
    public double ExpectedScore(int first, int second) => Davidson.ExpectedScore(Theta[first] - Theta[second], Nu ?? 0);

    internal static DavidsonFit Without(DavidsonStatus status, double prior) => new(status, prior, [], [], null, null, null, null, null);
}
