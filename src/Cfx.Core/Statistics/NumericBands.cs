using System.Globalization;

namespace Cfx.Core.Statistics;

/// <summary>Cuts a number (exchanges, prompt length) into bands with names, for a table of subgroups.</summary>
public sealed class NumericBands
{
    private readonly double[] _edges;

    /// <param name="edges">Where a new band starts, ascending, at least one: 200 and 1000 give "below 200", "200 to 999" and "1000 or more"
    /// for whole numbers.</param>
    public NumericBands(IReadOnlyList<double> edges)
    {
        _edges = [.. edges];
        if (_edges.Length == 0 || _edges.Zip(_edges.Skip(1)).Any(e => !(e.First < e.Second)))
        {
            throw new ArgumentException("Edges must ascend, and there must be one.", nameof(edges));
        }
    }

    /// <summary>Bands of about equally many values, edges rounded up to whole numbers; null when the values do not differ enough for two.</summary>
    /// <param name="values">What is to be cut; order does not matter.</param>
    /// <param name="bands">At least 2; equal values are never torn apart, so there may be fewer.</param>
    public static NumericBands? OfEqualCounts(IEnumerable<double> values, int bands)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 2);
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return null;
        }

        var edges = Enumerable.Range(1, bands - 1)
            .Select(i => Math.Ceiling(Quantile.OfSorted(sorted, (double)i / bands)))
            .Where(e => e > sorted[0] && e <= sorted[^1])
            .Distinct()
            .ToList();
        return edges.Count == 0 ? null : new NumericBands(edges);
    }

    /// <summary>The bands' names from the lowest up.</summary>
    public IReadOnlyList<string> Names => [.. Enumerable.Range(0, _edges.Length + 1).Select(Name)];

    /// <summary>The name of the band that a value falls in.</summary>
    public string Of(double value)
    {
        var index = Array.BinarySearch(_edges, value);
        return Name(index >= 0 ? index + 1 : ~index);
    }

    private string Name(int band)
    {
        if (band == 0)
        {
            return "below " + Text(_edges[0]);
        }

        if (band == _edges.Length)
        {
            return Text(_edges[^1]) + " or more";
        }

        var (from, to) = (_edges[band - 1], _edges[band] - 1);
        return from == to ? Text(from) : $"{Text(from)} to {Text(to)}";
    }

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
