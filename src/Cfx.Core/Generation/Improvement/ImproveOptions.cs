namespace Cfx.Core.Generation.Improvement;

/// <summary>What the improving stage is to do.</summary>
public sealed record ImproveOptions
{
    public required IImprovementMethod Method { get; init; }

    /// <summary>How the method's model is asked; unused by a method that asks none.</summary>
    public required GenerationSettings Settings { get; init; }

    /// <summary>Who serves that model, told with each answer; null for not told.</summary>
    public string? Provider { get; init; }

    /// <summary>The file to write: one JSON array when its name ends in .json, else JSONL.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The first so many items in file order, after those that do not count; null for all.</summary>
    public int? MaxItems { get; init; }

    /// <summary>The most calls under way at once, at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The study's seed; items get their own seeds from it, the same in every method.</summary>
    public long Seed { get; init; }
}
