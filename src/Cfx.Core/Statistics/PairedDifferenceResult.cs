namespace Cfx.Core.Statistics;

/// <summary>How far two arms' win rates against the same opponent are apart, on the contexts that both were judged on.</summary>
/// <param name="Difference">First minus second, -1 to 1, with the clustered error and Student's interval and p; where no variation was
/// seen Wilson's interval over conversations and no p.</param>
/// <param name="UnpairedStandardError">What the error would be were the two measured on different contexts; null below two pairs.</param>
/// <param name="Correlation">Of the two scores, -1 to 1; null where a side does not vary.</param>
public sealed record PairedDifferenceResult(MeanEstimate Difference, double? UnpairedStandardError, double? Correlation);
