namespace Cfx.Core.Statistics;

/// <summary>The half-credit win rate with its uncertainty.</summary>
/// <param name="N">How many pairs.</param>
/// <param name="H">(wins + ties/2) / n, 0 to 1; null without data.</param>
/// <param name="StandardError">Of <paramref name="H"/>; null below two pairs.</param>
/// <param name="Interval">Clipped to 0..1; [0, 1] below two pairs.</param>
/// <param name="Method">"t", "wilson_fallback" (no variation was seen), or "none".</param>
public sealed record HalfCreditResult(long N, double? H, double? StandardError, Interval Interval, string Method)
{
    /// <summary>Share won minus share lost, -1 to 1; null without data.</summary>
    public double? NetWin => (2 * H) - 1;
}
