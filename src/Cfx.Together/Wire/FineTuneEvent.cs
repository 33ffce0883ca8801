namespace Cfx.Together.Wire;

/// <summary>Something that happened to a job, as received.</summary>
public sealed record FineTuneEvent
{
    public string? CreatedAt { get; init; }

    public string? Level { get; init; }

    public string? Message { get; init; }

    public string? Type { get; init; }

    public double? Step { get; init; }

    public double? TotalSteps { get; init; }
}
