namespace Cfx.Core.Statistics.Calibration;

/// <summary>One conversation's outcomes in all three comparisons as a number from 0 to 63: base 4, the first comparison's digit highest; 0 win,
/// 1 tie, 2 loss, 3 incomplete.</summary>
internal static class ThreeArmsPattern
{
    /// <summary>Feedback against base, alternative against base, feedback against alternative, by the arms' numbers.</summary>
    public static (int First, int Second)[] Comparisons { get; } = [(1, 0), (2, 0), (1, 2)];

    /// <summary>The same with the lower number first, in the order of a ratings' fit.</summary>
    public static (int First, int Second)[] AllPairs { get; } = [(0, 1), (0, 2), (1, 2)];

    /// <summary>Each pattern's wins, ties and losses in each of <see cref="AllPairs"/>.</summary>
    public static List<int[]> Counts { get; } = [.. Enumerable.Range(0, 64).Select(CountsOf)];

    /// <summary>Credit of a comparison's first arm; null for an incomplete pair.</summary>
    public static double? Score(int pattern, int comparison) => ((pattern >> (4 - (2 * comparison))) & 3) switch
    {
        0 => 1,
        1 => 0.5,
        2 => 0,
        _ => null,
    };

    private static int[] CountsOf(int pattern)
    {
        var counts = new int[9];
        for (var c = 0; c < 3; c++)
        {
            var outcome = (pattern >> (4 - (2 * c))) & 3;
            if (outcome < 3)
            {
                var (first, second) = Comparisons[c];
                var pair = Array.IndexOf(AllPairs, (Math.Min(first, second), Math.Max(first, second)));
                counts[(3 * pair) + (first < second ? outcome : 2 - outcome)]++;
            }
        }

        return counts;
    }
}
