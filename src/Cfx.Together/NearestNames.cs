namespace Cfx.Together;

/// <summary>Finds the names that a mistyped one may have meant.</summary>
internal static class NearestNames
{
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known, int count) =>
    [
        .. known
            .Distinct(StringComparer.Ordinal)
            .OrderBy(k => Difference(name.ToUpperInvariant(), k.ToUpperInvariant()))
            .ThenBy(k => k, StringComparer.Ordinal)
            .Take(count),
    ];

    /// <summary>The share of the longer name that differs, so that a longer relative is nearer than a short stranger.</summary>
    private static double Difference(string a, string b) => (double)Distance(a, b) / Math.Max(1, Math.Max(a.Length, b.Length));

    /// <summary>Insertions, deletions and replacements that turn one text into the other.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
