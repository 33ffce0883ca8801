namespace Cfx.Core.Statistics;

/// <summary>A win rate from pairs that were judged in one order each.</summary>
/// <param name="N">Pairs in both orders together.</param>
/// <param name="H">Model1's rate, both orders weighing the same; null unless both orders have pairs.</param>
/// <param name="StandardError">Large-sample, of <paramref name="H"/> and of <paramref name="FirstSlotBias"/> alike; too small where an order shows no
/// variation, so neither interval nor test is made of it; null below two pairs in an order.</param>
/// <param name="Interval">Within 0..1, from the two orders' own; [0, 1] unless both orders have pairs.</param>
/// <param name="Test">Exact: are the models equal? Null unless both orders have pairs.</param>
/// <param name="FirstSlotBias">The share won by the answer shown first minus 1/2, -1/2 to 1/2; null unless both orders have pairs.</param>
/// <param name="BiasInterval">Within -1/2..1/2, from the two orders' own; null unless both orders have pairs.</param>
/// <param name="BiasTest">Exact: does the order make no difference? Null unless both orders have pairs.</param>
/// <param name="PooledH">What counting all pairs alike gives, which carries the bias along when the orders are unequally many; null without
/// pairs.</param>
public sealed record OrderStratifiedResult(
    long N,
    double? H,
    double? StandardError,
    Interval Interval,
    ExactTestResult? Test,
    double? FirstSlotBias,
    Interval? BiasInterval,
    ExactTestResult? BiasTest,
    double? PooledH)
{
    /// <summary>Two-sided, for equal models; null where <see cref="Test"/> is.</summary>
    public double? PValue => Test?.PValue;

    /// <summary>Two-sided, for no pull of the place; null where <see cref="BiasTest"/> is.</summary>
    public double? BiasP => BiasTest?.PValue;
}
