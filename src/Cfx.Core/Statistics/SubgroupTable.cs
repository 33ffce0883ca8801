using MathNet.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>Gathers one comparison's scores by groups along several dimensions.</summary>
public sealed class SubgroupTable
{
    // The usual floor for a chi-square approximation of mean ranks or scores.
    private const long SmallestGroup = 5;

    private readonly List<string> _dimensions = [];
    private readonly Dictionary<string, ClusterHalfCredit> _whole = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), Group> _groups = [];
    private readonly List<(string Dimension, string Name)> _order = [];

    /// <param name="dimension">Such as "category".</param>
    /// <param name="group">Which group of it the pair belongs to.</param>
    /// <param name="conversation">Pairs of one conversation are not independent.</param>
    /// <param name="score">1, 1/2 or 0.</param>
    public void Add(string dimension, string group, string conversation, double score)
    {
        if (!_groups.TryGetValue((dimension, group), out var found))
        {
            if (!_dimensions.Contains(dimension, StringComparer.Ordinal))
            {
                _dimensions.Add(dimension);
                _whole.Add(dimension, new ClusterHalfCredit());
            }

            found = new Group();
            _groups.Add((dimension, group), found);
            _order.Add((dimension, group));
        }

        found.Scores.Add(conversation, score);
        _whole[dimension].Add(conversation, score);
        found.Wins += score > 0.5 ? 1 : 0;
        found.Losses += score < 0.5 ? 1 : 0;
    }

    /// <summary>All dimensions in the order in which they first came.</summary>
    /// <param name="confidence">Above 0, below 1; of each group by itself.</param>
    public IReadOnlyList<SubgroupDimension> Estimate(double confidence) => [.. _dimensions.Select(d => Estimate(d, confidence))];

    private SubgroupDimension Estimate(string dimension, double confidence)
    {
        var rows = new List<SubgroupRow>();
        foreach (var name in _order.Where(g => g.Dimension == dimension).Select(g => g.Name))
        {
            var group = _groups[(dimension, name)];
            rows.Add(new SubgroupRow(
                dimension,
                name,
                group.Wins,
                group.Scores.Sums.N - group.Wins - group.Losses,
                group.Losses,
                group.Scores.Estimate(confidence)));
        }

        return Heterogeneity(new SubgroupDimension(dimension, rows, null, null, null, null), _whole[dimension], confidence);
    }

    private static SubgroupDimension Heterogeneity(SubgroupDimension dimension, ClusterHalfCredit all, double confidence)
    {
        var rows = dimension.Rows;
        double n = all.Sums.N;
        var mean = all.Sums.Total / n;
        // Against the spread of all scores together, not the groups' own: a group without variation is not infinitely precise, and counts.
        var spread = all.Sums.Squares - (n * mean * mean);
        var effect = all.IsClustered ? all.Estimate(confidence).DesignEffect : 1;
        var reason = rows.Count < 2 ? "one_group"
            : rows.Any(r => r.N < SmallestGroup) ? "small_group"
            : spread < 1e-9 || effect is null ? "no_variation"
            : null;
        if (reason is not null)
        {
            return dimension with { HeterogeneityUndefined = reason };
        }

        var between = rows.Sum(r => r.N * Math.Pow((r.Estimate.HalfCredit.H ?? mean) - mean, 2));
        var q = (n - 1) * between / spread / Math.Max(1, effect!.Value);
        var freedom = rows.Count - 1;
        return dimension with
        {
            HeterogeneityQ = q,
            DegreesOfFreedom = freedom,
            HeterogeneityP = q <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, q / 2),
        };
    }

    private sealed class Group
    {
        public ClusterHalfCredit Scores { get; } = new();

        public long Wins { get; set; }

        public long Losses { get; set; }
    }
}
