using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>What the responding stage is to do.</summary>
public sealed record RespondOptions
{
    /// <summary>The arm that answers, for messages.</summary>
    public required string Arm { get; init; }

    /// <summary>How its model is asked: the same for all arms but the model.</summary>
    public required GenerationSettings Settings { get; init; }

    /// <summary>The JSONL file to write.</summary>
    public required string OutputPath { get; init; }

    /// <summary>How many contexts there will be, for the progress; null when unknown.</summary>
    public int? ExpectedContexts { get; init; }

    /// <summary>The most calls under way at once, at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The study's seed. A context's own seed comes from it and is the same for all arms, so that equal models answer equally.</summary>
    public long Seed { get; init; }
}
