namespace Cfx.Core.Statistics.Calibration;

/// <summary>Draws one of many outcomes with given weights at the cost of one random number (Walker 1977, built as by Vose 1991).</summary>
internal sealed class AliasTable
{
    private readonly ulong[] _keep;
    private readonly int[] _other;

    /// <param name="weights">At least 0, not all 0.</param>
    public AliasTable(IReadOnlyList<double> weights)
    {
        var total = weights.Sum();
        var scaled = weights.Select(w => w / total * weights.Count).ToArray();
        _keep = new ulong[scaled.Length];
        _other = new int[scaled.Length];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < scaled.Length; i++)
        {
            (scaled[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (low, high) = (small.Pop(), large.Pop());
            _keep[low] = (ulong)(scaled[low] * ulong.MaxValue);
            _other[low] = high;
            scaled[high] -= 1 - scaled[low];
            (scaled[high] < 1 ? small : large).Push(high);
        }

        // What is left differs from 1 by rounding only, unless rounding used up all large ones before a small one.
        var heaviest = Enumerable.Range(0, weights.Count).MaxBy(i => weights[i]);
        foreach (var rest in large.Concat(small))
        {
            _keep[rest] = scaled[rest] > 0.5 ? ulong.MaxValue : 0;
            _other[rest] = scaled[rest] > 0.5 ? rest : heaviest;
        }
    }

    public int Draw(SplitMix64 random)
    {
        var index = (int)Math.BigMul(random.NextUInt64(), (ulong)_keep.Length, out var fraction);
        return fraction < _keep[index] ? index : _other[index];
    }
}
