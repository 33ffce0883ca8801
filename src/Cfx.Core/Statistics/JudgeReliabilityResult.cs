namespace Cfx.Core.Statistics;

/// <summary>How far a judge that was asked in both orders can be trusted.</summary>
public sealed record JudgeReliabilityResult
{
    /// <summary>Below this share of pairs judged alike in both orders a report warns.</summary>
    public const double LowConsistency = 0.65;

    /// <summary>Below this kappa between the orders a report warns.</summary>
    public const double LowKappa = 0.4;

    /// <summary>Complete pairs.</summary>
    public required long N { get; init; }

    /// <summary>Share of pairs in which both orders say the same of the models; null without pairs.</summary>
    public required double? Consistency { get; init; }

    /// <summary>Wilson's; at the effective number of pairs where conversations gave several.</summary>
    public required Interval ConsistencyInterval { get; init; }

    /// <summary>Share of pairs in which both orders prefer the same slot; null without pairs.</summary>
    public required double? FlipRate { get; init; }

    /// <summary>Wilson's; at the effective number of pairs where conversations gave several.</summary>
    public required Interval FlipInterval { get; init; }

    /// <summary>Share of pairs in which one order prefers an arm and the other says tie; null without pairs.</summary>
    public required double? SoftRate { get; init; }

    /// <summary>Wilson's; at the effective number of pairs where conversations gave several.</summary>
    public required Interval SoftInterval { get; init; }

    /// <summary>Share won by the answer shown first minus 1/2, ties counting half: -1/2 to 1/2, 0 for a judge that ignores the order; null
    /// without pairs. A judge that prefers the first answer by 20 percentage points (60 to 40) has 0.1.</summary>
    public required double? FirstSlotBias { get; init; }

    /// <summary>From the pairs' own values, clustered where conversations gave several; null below two pairs.</summary>
    public required double? FirstSlotBiasError { get; init; }

    /// <summary>Student's t, not clipped; Wilson's where no variation was seen; null below two pairs, or conversations where these gave several.</summary>
    public required Interval? FirstSlotBiasInterval { get; init; }

    /// <summary>Exact: do flips go to the first slot as often as to the second? Over conversations, by which they favour, where these gave several. Flips also come from noise, which favours neither.</summary>
    public required SignTestResult FlipDirection { get; init; }

    /// <summary>Between the two orders, verdicts being of the models: model1, tie, model2.</summary>
    public required KappaResult OrderKappa { get; init; }

    /// <summary>The share won by the answer shown first, ties counting half; null without pairs.</summary>
    public double? FirstSlotShare => FirstSlotBias + 0.5;

    /// <summary>True when a report must warn: see <see cref="LowConsistency"/> and <see cref="LowKappa"/>.</summary>
    public bool IsLow => IsInconsistent || OrderKappa.Kappa < LowKappa;

    /// <summary>True when the orders agree too seldom, whatever chance would give.</summary>
    public bool IsInconsistent => Consistency < LowConsistency;
}
