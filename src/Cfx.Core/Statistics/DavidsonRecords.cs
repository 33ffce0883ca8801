using System.Runtime.InteropServices;

namespace Cfx.Core.Statistics;

/// <summary>Gathers all comparisons' outcomes by conversation, so that errors and resampling can keep a conversation's outcomes together.</summary>
/// <param name="arms">How many, at least 2; the first (number 0) is the one that ratings are relative to.</param>
public sealed class DavidsonRecords(int arms)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<ushort[]> _conversations = [];

    public int Arms => arms;

    /// <summary>How many conversations.</summary>
    public int Conversations => _conversations.Count;

    internal (int First, int Second)[] Pairs { get; } =
        [.. Enumerable.Range(0, arms).SelectMany(i => Enumerable.Range(i + 1, arms - i - 1).Select(j => (i, j)))];

    /// <param name="conversation">Whose outcomes are not independent.</param>
    /// <param name="first">An arm's number, from 0.</param>
    /// <param name="second">Another's.</param>
    /// <param name="score">Of the first: 1, 1/2 or 0. Incomplete pairs are not added.</param>
    public void Add(string conversation, int first, int second, double score)
    {
        if (first == second || Math.Min(first, second) < 0 || Math.Max(first, second) >= arms)
        {
            throw new ArgumentOutOfRangeException(nameof(first), $"Two different arms from 0 to {arms - 1}, not {first} and {second}.");
        }

        var outcome = score switch { 1 => 0, 0.5 => 1, 0 => 2, _ => throw new ArgumentOutOfRangeException(nameof(score), score, "1, 1/2 or 0.") };
        if (first > second)
        {
            (first, second, outcome) = (second, first, 2 - outcome);
        }

        if (!_index.TryGetValue(conversation, out var index))
        {
            index = _conversations.Count;
            _index.Add(conversation, index);
            _conversations.Add(new ushort[3 * Pairs.Length]);
        }

        // Pairs in the order (0,1), (0,2), ..., (1,2), ...
        var pair = (first * ((2 * arms) - first - 1) / 2) + second - first - 1;
        checked
        {
            _conversations[index][(3 * pair) + outcome]++;
        }
    }

    /// <summary>All outcomes by comparison.</summary>
    public IReadOnlyList<PairCounts> Totals()
    {
        var sums = new double[3 * Pairs.Length];
        foreach (var conversation in _conversations)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += conversation[i];
            }
        }

        return [.. Pairs.Select((p, k) => new PairCounts(p.First, p.Second, sums[3 * k], sums[(3 * k) + 1], sums[(3 * k) + 2]))];
    }

    /// <summary>Conversations with equal outcomes are alike: the different ones, and which one each conversation is.</summary>
    internal (List<int[]> Patterns, int[] PatternOf) Patterns()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var patterns = new List<int[]>();
        var patternOf = new int[_conversations.Count];
        for (var c = 0; c < _conversations.Count; c++)
        {
            var key = new string(MemoryMarshal.Cast<ushort, char>(_conversations[c]));
            if (!known.TryGetValue(key, out var pattern))
            {
                pattern = patterns.Count;
                known.Add(key, pattern);
                patterns.Add([.. _conversations[c].Select(count => (int)count)]);
            }

            patternOf[c] = pattern;
        }

        return (patterns, patternOf);
    }
}
