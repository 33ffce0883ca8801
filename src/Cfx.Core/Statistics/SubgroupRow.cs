namespace Cfx.Core.Statistics;

/// <summary>One group's win rate.</summary>
/// <param name="Dimension">What the groups are made by, such as "category".</param>
/// <param name="Group">Which one, such as "UR2".</param>
/// <param name="Wins">Pairs won.</param>
/// <param name="Ties">Pairs tied.</param>
/// <param name="Losses">Pairs lost.</param>
/// <param name="Estimate">With the clustered error and interval.</param>
public sealed record SubgroupRow(string Dimension, string Group, long Wins, long Ties, long Losses, ClusterHalfCreditResult Estimate)
{
    public long N => Wins + Ties + Losses;
}
