using MathNet.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>Gathers one comparison's scores by groups along several dimensions.</summary>
public sealed class SubgroupTable
{
    private readonly List<string> _dimensions = [];
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
            }

            found = new Group();
            _groups.Add((dimension, group), found);
            _order.Add((dimension, group));
        }

        found.Scores.Add(conversation, score);
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

        var known = rows
            .Select(r => (Rate: r.Estimate.HalfCredit.H ?? 0, Error: r.Estimate.HalfCredit.StandardError ?? 0))
            .Where(r => r.Error > 0)
            .Select(r => (r.Rate, Weight: 1 / (r.Error * r.Error)))
            .ToList();
        if (known.Count < 2)
        {
            return new SubgroupDimension(dimension, rows, null, null, null);
        }

        var mean = known.Sum(r => r.Rate * r.Weight) / known.Sum(r => r.Weight);
        var q = known.Sum(r => r.Weight * (r.Rate - mean) * (r.Rate - mean));
        var freedom = known.Count - 1;
        return new SubgroupDimension(
            dimension, rows, q, freedom, q <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, q / 2));
    }

    private sealed class Group
    {
        public ClusterHalfCredit Scores { get; } = new();

        public long Wins { get; set; }

        public long Losses { get; set; }
    }
}
