namespace Cfx.Core.Statistics;

/// <summary>The half-credit win rate when several pairs come from one conversation.</summary>
/// <param name="HalfCredit">The rate with the clustered error and interval.</param>
/// <param name="Clusters">How many conversations.</param>
/// <param name="NaiveStandardError">What the error would be were the pairs independent; null below two pairs.</param>
/// <param name="DesignEffect">Clustered over naive variance; null where either is undefined or the naive one is 0.</param>
/// <param name="T">(h - 1/2) over its error; null where that is undefined.</param>
/// <param name="PValue">Two-sided, for h = 1/2; null where <paramref name="T"/> is.</param>
public sealed record ClusterHalfCreditResult(
    HalfCreditResult HalfCredit,
    int Clusters,
    double? NaiveStandardError,
    double? DesignEffect,
    double? T,
    double? PValue);
