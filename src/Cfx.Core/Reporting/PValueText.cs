using System.Globalization;

namespace Cfx.Core.Reporting;

/// <summary>How p-values are shown to people: never as 0.</summary>
public static class PValueText
{
    private const double Smallest = 1e-4;

    /// <summary>"0.0367", or "&lt;0.0001" with the decimal logarithm where that is known.</summary>
    /// <param name="p">0 to 1.</param>
    /// <param name="log10P">The logarithm of <paramref name="p"/>; null takes it from <paramref name="p"/>, where that is not 0.</param>
    public static string Format(double p, double? log10P = null)
    {
        if (p >= Smallest)
        {
            return p.ToString("0.0000", CultureInfo.InvariantCulture);
        }

        var log = log10P ?? (p > 0 ? Math.Log10(p) : null);
        return log is { } value ? string.Create(CultureInfo.InvariantCulture, $"<0.0001 (log10 p = {value:0.0})") : "<0.0001";
    }
}
