namespace Cfx.Core.Statistics;

/// <summary>A win rate from pairs that were judged in one order each.</summary>
/// <param name="N">Pairs in both orders together.</param>
/// <param name="H">Model1's rate, both orders weighing the same; null unless both orders have pairs.</param>
/// <param name="StandardError">Of <paramref name="H"/> and of <paramref name="FirstSlotBias"/> alike; null below two pairs in an order.</param>
/// <param name="Interval">Normal, within 0..1; [0, 1] where the error is undefined.</param>
/// <param name="PValue">Two-sided, for a rate of 1/2; null where the error is undefined or 0.</param>
/// <param name="FirstSlotBias">The share won by the answer shown first minus 1/2, -1/2 to 1/2; null unless both orders have pairs.</param>
/// <param name="BiasInterval">Normal, not clipped; null where the error is undefined.</param>
/// <param name="BiasP">Two-sided, for no bias; null where the error is undefined or 0.</param>
/// <param name="PooledH">What counting all pairs alike gives, which carries the bias along when the orders are unequally many; null without
/// pairs.</param>
public sealed record OrderStratifiedResult(
    long N,
    double? H,
    double? StandardError,
    Interval Interval,
    double? PValue,
    double? FirstSlotBias,
    Interval? BiasInterval,
    double? BiasP,
    double? PooledH);
