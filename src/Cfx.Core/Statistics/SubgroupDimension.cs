namespace Cfx.Core.Statistics;

/// <summary>All groups along one dimension. Exploratory: groups were not part of the plan, and their rates are not adjusted for their
/// number.</summary>
/// <param name="Dimension">Such as "category".</param>
/// <param name="Rows">The groups in the order in which they first came.</param>
/// <param name="HeterogeneityQ">The mean-score statistic of Cochran, Mantel and Haenszel (Mantel 1963; Landis, Heyman and Koch 1978): (n - 1) times the
/// share of the scores' spread that lies between groups. Over the design effect where conversations gave several pairs (Rao and Scott
/// 1981). Null where <paramref name="HeterogeneityUndefined"/> says why.</param>
/// <param name="DegreesOfFreedom">Of Q, groups - 1; null where Q is.</param>
/// <param name="HeterogeneityP">Chance of so large a Q, by chi-square, if scores had nothing to do with the groups; null where Q is. A small group's
/// rate may look apart by chance: only this tells whether groups differ.</param>
/// <param name="HeterogeneityUndefined">"one_group", "small_group" (one has fewer than five pairs), "no_variation" (all pairs came out alike, or
/// conversations show no variation), or null where there is a Q.</param>
public sealed record SubgroupDimension(
    string Dimension, IReadOnlyList<SubgroupRow> Rows, double? HeterogeneityQ, int? DegreesOfFreedom, double? HeterogeneityP, string? HeterogeneityUndefined);
