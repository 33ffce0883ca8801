namespace Cfx.Build.Options;

/// <summary>Finds what a mistyped word was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>Up to three of the names that are closest to a word, best first; none that would need more than half its letters changed.</summary>
    public static IReadOnlyList<string> Find(string word, IEnumerable<string> names)
    {
        var lower = word.ToUpperInvariant();
        return
        [
            .. names
                .Distinct(StringComparer.Ordinal)
                .Select(n => (Name: n, Distance: Score(lower, n.ToUpperInvariant())))
                .Where(c => c.Distance <= Math.Max(2, Math.Min(word.Length, c.Name.Length) / 2))
                .OrderBy(c => c.Distance)
                .ThenBy(c => c.Name, StringComparer.Ordinal)
                .Take(3)
                .Select(c => c.Name),
        ];
    }

    /// <summary>The question that ends an error, such as <c>; did you mean --epochs?</c>; empty when nothing is close.</summary>
    public static string Hint(string word, IEnumerable<string> names, string prefix = "") =>
        Find(word, names) is { Count: > 0 } found
            ? $"; did you mean {string.Join(" or ", found.Select(n => prefix + n))}?"
            : string.Empty;

    /// <summary>How many letters must be put in, taken out, replaced or swapped with their neighbour to turn one word into the other.</summary>
    public static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    // A name that the word begins is closer than its missing letters say.
    private static int Score(string word, string name) =>
        word.Length >= 3 && name.StartsWith(word, StringComparison.Ordinal) ? 1 : Distance(word, name);
}
