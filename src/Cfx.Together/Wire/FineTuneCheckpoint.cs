namespace Cfx.Together.Wire;

/// <summary>A saved state of a job.</summary>
public sealed record FineTuneCheckpoint
{
    public double? Step { get; init; }

    public string? CreatedAt { get; init; }

    public string? Path { get; init; }

    public string? CheckpointType { get; init; }
}
