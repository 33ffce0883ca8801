namespace Cfx.Core.Statistics;

/// <summary>All groups along one dimension. Exploratory: groups were not part of the plan, and their rates are not adjusted for their
/// number.</summary>
/// <param name="Dimension">Such as "category".</param>
/// <param name="Rows">The groups in the order in which they first came.</param>
/// <param name="HeterogeneityQ">Cochran's Q: squared distances from the weighted mean rate over squared errors; null unless two groups have
/// an error above 0.</param>
/// <param name="DegreesOfFreedom">Of Q; null where Q is.</param>
/// <param name="HeterogeneityP">Chance of such distances if all groups had one rate; null where Q is. A small group's rate may look apart by
/// chance: only this tells whether groups differ.</param>
public sealed record SubgroupDimension(
    string Dimension, IReadOnlyList<SubgroupRow> Rows, double? HeterogeneityQ, int? DegreesOfFreedom, double? HeterogeneityP);
