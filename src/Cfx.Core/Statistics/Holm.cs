namespace Cfx.Core.Statistics;

/// <summary>Holm's step-down adjustment for several comparisons.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order given.</summary>
    /// <param name="pValues">One for each planned comparison, 1 for one without data; 0 to 1.</param>
    /// <exception cref="ArgumentException">A value is not a number from 0 to 1: a comparison must not vanish silently.</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        foreach (var p in pValues)
        {
            if (!(p >= 0 && p <= 1))
            {
                throw new ArgumentException($"A p-value must be from 0 to 1, not {p}.", nameof(pValues));
            }
        }

        var adjusted = new double[pValues.Count];
        var highest = 0.0;
        var rank = 0;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
        {
            highest = Math.Max(highest, Math.Min(1, (pValues.Count - rank) * pValues[index]));
            adjusted[index] = highest;
            rank++;
        }

        return adjusted;
    }
}
