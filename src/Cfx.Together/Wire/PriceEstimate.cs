namespace Cfx.Together.Wire;

/// <summary>What a job would cost, in US dollars.</summary>
public sealed record PriceEstimate
{
    public double? EstimatedTotalPrice { get; init; }

    public bool? AllowedToProceed { get; init; }

    public double? UserLimit { get; init; }

    public double? EstimatedTrainTokenCount { get; init; }

    public double? EstimatedEvalTokenCount { get; init; }

    public bool? EstimationAvailable { get; init; }

    public string? UnavailableReason { get; init; }
}
