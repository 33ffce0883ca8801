namespace Cfx.Core.Statistics;

/// <summary>The length-controlled win rate of model2 beside its raw one, and the lengths themselves. Descriptive: it does not replace the
/// primary test.</summary>
public sealed record LengthControlResult
{
    /// <summary>Below this number of pairs a report shows no controlled rate.</summary>
    public const int FewestShown = 50;

    public required LengthControlStatus Status { get; init; }

    /// <summary>Pairs.</summary>
    public required long N { get; init; }

    /// <summary>Model2's half-credit rate; null without pairs.</summary>
    public required double? RawRate { get; init; }

    /// <summary>Model2's rate at equal lengths, 0 to 1; null on separation or without pairs.</summary>
    public double? Rate { get; init; }

    /// <summary>Of <see cref="Rate"/>, by the delta method; null unless fitted.</summary>
    public double? StandardError { get; init; }

    /// <summary>Of <see cref="Rate"/>, made on the logit scale; null unless fitted.</summary>
    public Interval? Interval { get; init; }

    /// <summary>Logit of <see cref="Rate"/>; null unless fitted.</summary>
    public double? Theta { get; init; }

    /// <summary>Robust, clustered where conversations gave several pairs; null unless fitted.</summary>
    public double? ThetaError { get; init; }

    /// <summary>What a longer answer of model2 adds: per tanh(difference / sd); AlpacaEval's has the opposite sign. Null unless fitted.</summary>
    public double? Phi { get; init; }

    /// <summary>Null unless fitted.</summary>
    public double? PhiError { get; init; }

    /// <summary>What standing first adds, on the logit scale; null unless pairs were judged in one order each.</summary>
    public double? Rho { get; init; }

    /// <summary>Null where <see cref="Rho"/> is.</summary>
    public double? RhoError { get; init; }

    /// <summary>Mean of tanh(difference / sd), -1 to 1; null without variation.</summary>
    public double? MeanTanh { get; init; }

    /// <summary>Share of pairs in which model2's answer is the longer one; null without pairs.</summary>
    public double? ShareLonger2 { get; init; }

    /// <summary>Mean length of model1's answers, code points; null without pairs.</summary>
    public double? MeanLength1 { get; init; }

    /// <summary>Mean length of model2's answers, code points; null without pairs.</summary>
    public double? MeanLength2 { get; init; }

    /// <summary>Model2's length minus model1's, code points, with its clustered interval.</summary>
    public required MeanEstimate Difference { get; init; }

    /// <summary>Middle of the differences, code points; null without pairs.</summary>
    public double? MedianDifference { get; init; }

    /// <summary>Why the rate should not be relied on: "too_few_pairs", "lengths_too_different", "one_side_longer", "error_too_large",
    /// "one_order" or the status in words; null when it may be shown.</summary>
    public required string? Unsupported { get; init; }

    /// <summary>Model1's raw rate; null without pairs.</summary>
    public double? RawRateOfModel1 => 1 - RawRate;

    /// <summary>Model1's controlled rate; null where model2's is.</summary>
    public double? RateOfModel1 => 1 - Rate;

    /// <summary>Model1's interval; null where model2's is.</summary>
    public Interval? IntervalOfModel1 => Interval?.Complement();

    /// <summary>The same of pairs judged in one order each: their pooled rate carries the pull of the place, so the headline's stands in its stead.</summary>
    /// <param name="rateOfModel1">Both orders weighing alike; null when all pairs have one order, which tells the pull from no preference.</param>
    internal LengthControlResult OfSingleOrders(double? rateOfModel1) => rateOfModel1 is { } rate
        ? this with { RawRate = 1 - rate, Rate = Status is LengthControlStatus.NoLengthVariation ? 1 - rate : Rate }
        : this with
        {
            RawRate = null,
            Rate = null,
            StandardError = null,
            Interval = null,
            Theta = null,
            ThetaError = null,
            Unsupported = N == 0 ? Unsupported : "one_order",
        };
}
