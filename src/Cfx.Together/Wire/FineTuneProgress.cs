namespace Cfx.Together.Wire;

/// <summary>How long a job will still take.</summary>
public sealed record FineTuneProgress
{
    public bool? EstimateAvailable { get; init; }

    public double? SecondsRemaining { get; init; }
}
