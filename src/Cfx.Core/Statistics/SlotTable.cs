using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics;

/// <summary>Counts complete pairs by what the judge said in each order, by slot: nine cells hold all there is to know of a judge that was
/// asked twice.</summary>
public sealed class SlotTable
{
    private readonly long[] _cells = new long[9];

    /// <summary>Complete pairs.</summary>
    public long N { get; private set; }

    /// <param name="normal">With model1 in slot A.</param>
    /// <param name="reversed">With model2 in slot A.</param>
    public long this[Verdict normal, Verdict reversed] => _cells[((int)normal * 3) + (int)reversed];

    /// <param name="normal">With model1 in slot A.</param>
    /// <param name="reversed">With model2 in slot A.</param>
    /// <param name="count">How many such pairs, at least 0.</param>
    public void Add(Verdict normal, Verdict reversed, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _cells[((int)normal * 3) + (int)reversed] += count;
        N += count;
    }

    /// <summary>The same pairs with the models' names exchanged: what was the normal order is the reversed one.</summary>
    public SlotTable Exchanged()
    {
        var other = new SlotTable();
        foreach (var normal in Enum.GetValues<Verdict>())
        {
            foreach (var reversed in Enum.GetValues<Verdict>())
            {
                other.Add(reversed, normal, this[normal, reversed]);
            }
        }

        return other;
    }

    /// <summary>Pairs whose two orders combine to an outcome that the condition accepts.</summary>
    public long Count(Func<PairOutcome, bool> accepted)
    {
        long count = 0;
        foreach (var normal in Enum.GetValues<Verdict>())
        {
            foreach (var reversed in Enum.GetValues<Verdict>())
            {
                count += accepted(PairOutcome.Combine(normal, reversed)) ? this[normal, reversed] : 0;
            }
        }

        return count;
    }

    /// <summary>What each order said of the models: rows normal, columns reversed, both model1, tie, model2.</summary>
    public long[,] ByModel()
    {
        Verdict[] normal = [Verdict.A, Verdict.Tie, Verdict.B], reversed = [Verdict.B, Verdict.Tie, Verdict.A];
        var matrix = new long[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                matrix[i, j] = this[normal[i], reversed[j]];
            }
        }

        return matrix;
    }

    /// <summary>Credit to slot A averaged over the two orders, in quarters: 0, 1/4, 1/2, 3/4, 1, each with its count.</summary>
    public IReadOnlyList<(double Score, long Count)> FirstSlotScores()
    {
        var counts = new long[5];
        foreach (var normal in Enum.GetValues<Verdict>())
        {
            foreach (var reversed in Enum.GetValues<Verdict>())
            {
                counts[(int)(4 * FirstSlotScore(normal, reversed))] += this[normal, reversed];
            }
        }

        return [.. counts.Select((count, quarter) => (quarter / 4.0, count))];
    }

    /// <summary>One pair's credit to slot A: 0 to 1 in quarters, 1/2 where the judge ignores the order.</summary>
    public static double FirstSlotScore(Verdict normal, Verdict reversed) => (Credit(normal) + Credit(reversed)) / 2;

    private static double Credit(Verdict verdict) => verdict switch
    {
        Verdict.A => 1,
        Verdict.B => 0,
        _ => 0.5,
    };
}
