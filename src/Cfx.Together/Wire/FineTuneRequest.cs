using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>A fine-tuning job to create, as sent.</summary>
public sealed record FineTuneRequest
{
    public required string TrainingFile { get; init; }

    public string? ValidationFile { get; init; }

    public required string Model { get; init; }

    public int NEpochs { get; init; }

    public int NEvals { get; init; }

    public JsonElement BatchSize { get; init; }

    public double LearningRate { get; init; }

    public TrainingType? TrainingType { get; init; }

    public TrainingMethod? TrainingMethod { get; init; }

    public int? RandomSeed { get; init; }

    public string? Suffix { get; init; }

    public string? FromCheckpoint { get; init; }

    public string? WandbProjectName { get; init; }

    /// <summary>A secret; a record's text must not show it.</summary>
    public string? WandbApiKey { get; init; }

    /// <returns>Never the values: one of them is a secret.</returns>
    public override string ToString() => nameof(FineTuneRequest);
}
