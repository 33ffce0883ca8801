namespace Cfx.Core.Statistics;

/// <summary>One comparison's outcomes by the arms' numbers.</summary>
/// <param name="First">Its number, from 0.</param>
/// <param name="Second">Its number, another.</param>
/// <param name="Wins">Won by <paramref name="First"/>; at least 0, not always whole (expected or pseudo-counts).</param>
/// <param name="Ties">At least 0.</param>
/// <param name="Losses">Lost by <paramref name="First"/>; at least 0.</param>
public sealed record PairCounts(int First, int Second, double Wins, double Ties, double Losses)
{
    public double Total => Wins + Ties + Losses;
}
