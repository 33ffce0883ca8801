namespace Cfx.Core.Statistics;

/// <summary>Agreement beyond chance.</summary>
/// <param name="N">How many items both or all judged.</param>
/// <param name="Agreement">The share agreed on, weighted if weights are used; null without items.</param>
/// <param name="ExpectedAgreement">What chance gives; null without items.</param>
/// <param name="Kappa">-1 to 1; null without items, or where chance alone gives full agreement.</param>
/// <param name="StandardError">Large-sample, not assuming kappa 0; null where <paramref name="Kappa"/> is.</param>
/// <param name="Interval">Normal, clipped to -1..1; a single point where the error is 0; null where <paramref name="Kappa"/> is.</param>
public sealed record KappaResult(
    long N, double? Agreement, double? ExpectedAgreement, double? Kappa, double? StandardError, Interval? Interval)
{
    internal static KappaResult Of(long n, double agreement, double expected, double kappa, double variance, double confidence)
    {
        var error = variance < 1e-20 ? 0 : Math.Sqrt(variance);
        var margin = NormalTail.TwoSidedQuantile(confidence) * error;
        return new KappaResult(
            n, agreement, expected, kappa, error, new Interval(Math.Max(-1, kappa - margin), Math.Min(1, kappa + margin)));
    }
}
