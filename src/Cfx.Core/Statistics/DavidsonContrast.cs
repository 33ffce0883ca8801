namespace Cfx.Core.Statistics;

/// <summary>Two arms' difference by the ratings.</summary>
/// <param name="First">An arm's number.</param>
/// <param name="Second">Another's.</param>
/// <param name="Theta">Log strength of the first minus the second's.</param>
/// <param name="ThetaInterval">By resampling conversations.</param>
/// <param name="ExpectedScore">The first's half-credit rate that the ratings give, 0 to 1.</param>
/// <param name="ExpectedScoreInterval">By resampling conversations.</param>
public sealed record DavidsonContrast(
    int First, int Second, double Theta, Interval ThetaInterval, double ExpectedScore, Interval ExpectedScoreInterval)
{
    public double Elo => Theta * DavidsonFit.EloPerTheta;

    public Interval EloInterval => new(ThetaInterval.Lower * DavidsonFit.EloPerTheta, ThetaInterval.Upper * DavidsonFit.EloPerTheta);
}
