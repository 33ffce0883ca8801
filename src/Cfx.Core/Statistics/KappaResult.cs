namespace Cfx.Core.Statistics;

/// <summary>Agreement beyond chance.</summary>
/// <param name="N">How many items both or all judged.</param>
/// <param name="Agreement">The share agreed on, weighted if weights are used; null without items.</param>
/// <param name="ExpectedAgreement">What chance gives; null without items.</param>
/// <param name="Kappa">-1 to 1; null without items, or where chance alone gives full agreement.</param>
/// <param name="StandardError">Large-sample, not assuming kappa 0; null where <paramref name="Kappa"/> is, or where all items are of one conversation.</param>
/// <param name="Interval">Normal, clipped to -1..1, over conversations Student's; where the error is 0, from Wilson's interval of the agreement at the chance agreement
/// that was seen; null where the error is.</param>
public sealed record KappaResult(
    long N, double? Agreement, double? ExpectedAgreement, double? Kappa, double? StandardError, Interval? Interval)
{
    /// <param name="n">Items.</param>
    /// <param name="agreement">The share agreed on.</param>
    /// <param name="expected">What chance gives, below 1.</param>
    /// <param name="kappa">Of these.</param>
    /// <param name="variance">Of <paramref name="kappa"/>.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="conversations">Where these gave several items: how many there are, at least 2.</param>
    internal static KappaResult Of(
        long n, double agreement, double expected, double kappa, double variance, double confidence, int? conversations = null)
    {
        var error = variance < 1e-20 ? 0 : Math.Sqrt(variance);
        if (error == 0)
        {
            // No variation seen is not certainty: what the agreement may be gives what kappa may be.
            var may = Wilson.AtEffective(Math.Clamp(agreement, 0, 1), conversations ?? n, confidence);
            double Kappa(double share) => Math.Clamp((share - expected) / (1 - expected), -1, 1);
            return new KappaResult(n, agreement, expected, kappa, 0, new Interval(Math.Min(kappa, Kappa(may.Lower)), Math.Max(kappa, Kappa(may.Upper))));
        }

        var margin = error * (conversations is { } g ? StudentTail.TwoSidedQuantile(confidence, g - 1) : NormalTail.TwoSidedQuantile(confidence));
        return new KappaResult(
            n, agreement, expected, kappa, error, new Interval(Math.Max(-1, kappa - margin), Math.Min(1, kappa + margin)));
    }
}
