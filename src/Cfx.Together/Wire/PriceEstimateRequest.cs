namespace Cfx.Together.Wire;

/// <summary>A job to estimate the price of, as sent.</summary>
public sealed record PriceEstimateRequest
{
    public required string TrainingFile { get; init; }

    public string? ValidationFile { get; init; }

    public required string Model { get; init; }

    public int NEpochs { get; init; }

    public int NEvals { get; init; }

    public TrainingType? TrainingType { get; init; }

    public TrainingMethod? TrainingMethod { get; init; }

    public string? FromCheckpoint { get; init; }
}
