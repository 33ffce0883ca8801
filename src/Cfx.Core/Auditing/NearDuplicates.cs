using Cfx.Core.Conversations;

namespace Cfx.Core.Auditing;

/// <summary>Finds texts that nearly repeat one of a set: the Jaccard similarity of their runs of <see cref="ShingleLength"/> characters, estimated
/// from the <see cref="SketchSize"/> smallest hashes (Broder 1997), which is exact for texts with no more runs than that.</summary>
/// <remarks>Characters, not words: some languages have no spaces. Of a text only its sketch is held, 1 KiB at most. A text is a candidate when one of
/// its <see cref="Probes"/> smallest hashes is among the other's; at the threshold that misses 2 in 10,000.</remarks>
public sealed class NearDuplicates
{
    /// <summary>From here on two texts are near duplicates.</summary>
    public const double Threshold = 0.7;

    public const int ShingleLength = 8;

    public const int SketchSize = 128;

    /// <summary>Shorter texts ("continue", "thanks") resemble each other by chance.</summary>
    public const int ShortestText = 40;

    private const int Probes = 8;

    private readonly List<ulong[]> _sketches = [];
    private readonly Dictionary<ulong, List<int>> _byHash = [];

    /// <summary>The text by which contexts are compared: all but the system's message, which many share.</summary>
    public static string TextOf(IEnumerable<Message> context) =>
        TextNormaliser.Normalise(string.Join('\n', context.Where(m => m.Role != Roles.System).Select(m => m.Content)));

    /// <summary>Adds a text; the first has index 0.</summary>
    public void Add(string normalised)
    {
        var sketch = Sketch(normalised);
        foreach (var hash in sketch.Take(Probes))
        {
            if (!_byHash.TryGetValue(hash, out var holders))
            {
                _byHash[hash] = holders = [];
            }

            holders.Add(_sketches.Count);
        }

        _sketches.Add(sketch);
    }

    /// <summary>The added texts that this one nearly repeats.</summary>
    public IEnumerable<(int Index, double Similarity)> Find(string normalised)
    {
        var sketch = Sketch(normalised);
        var candidates = sketch.Take(Probes).SelectMany(h => _byHash.GetValueOrDefault(h) ?? []).Distinct();
        return candidates.Select(i => (i, Similarity(_sketches[i], sketch))).Where(found => found.Item2 >= Threshold);
    }

    /// <summary>0 to 1; 0 when either text is too short to tell.</summary>
    public static double Similarity(string normalised, string other) => Similarity(Sketch(normalised), Sketch(other));

    private static double Similarity(ulong[] a, ulong[] b)
    {
        int i = 0, j = 0, both = 0, seen = 0;
        while (seen < SketchSize && (i < a.Length || j < b.Length))
        {
            var order = i == a.Length ? 1 : j == b.Length ? -1 : a[i].CompareTo(b[j]);
            both += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
            seen++;
        }

        return seen == 0 ? 0 : (double)both / seen;
    }

    private static ulong[] Sketch(string text)
    {
        if (text.Length < ShortestText)
        {
            return [];
        }

        const ulong Factor = 0x9E3779B97F4A7C15UL;
        var hashes = new ulong[text.Length - ShingleLength + 1];
        unchecked
        {
            ulong rolling = 0, leaving = 1;
            for (var i = 1; i < ShingleLength; i++)
            {
                leaving *= Factor;
            }

            for (var i = 0; i < text.Length; i++)
            {
                rolling = ((rolling - (i < ShingleLength ? 0 : (text[i - ShingleLength] + 1UL) * leaving)) * Factor) + text[i] + 1;
                if (i >= ShingleLength - 1)
                {
                    hashes[i - ShingleLength + 1] = Mixed(rolling);
                }
            }
        }

        Array.Sort(hashes);
        return [.. hashes.Distinct().Take(SketchSize)];
    }

    private static ulong Mixed(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
