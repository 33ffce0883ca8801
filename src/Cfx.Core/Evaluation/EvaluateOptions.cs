using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>What the evaluating stage is to do.</summary>
public sealed record EvaluateOptions
{
    /// <summary>The name of the contestant whose wins are counted.</summary>
    public required string Model1 { get; init; }

    /// <summary>The name of the other contestant.</summary>
    public required string Model2 { get; init; }

    /// <summary>Model1's answers, as the responding stage wrote them.</summary>
    public required string Responses1Path { get; init; }

    /// <summary>Model2's answers to the same contexts.</summary>
    public required string Responses2Path { get; init; }

    /// <summary>The JSON file to write.</summary>
    public required string OutputPath { get; init; }

    /// <summary>How the judge is asked; temperature 0 unless a study wants otherwise.</summary>
    public required GenerationSettings Judge { get; init; }

    public required JudgePrompts Prompts { get; init; }

    /// <summary>Who serves the judge; "sandbox" marks the reports.</summary>
    public required string Provider { get; init; }

    /// <summary>Who served the contestants, whose sandbox marks the reports too; null for the judge's provider or not known.</summary>
    public string? ArmsProvider { get; init; }

    /// <summary>The same of the model that wrote the training answers.</summary>
    public string? GeneratorProvider { get; init; }

    /// <summary>Identifies the split that the contexts are from; null outside a study.</summary>
    public string? SplitHash { get; init; }

    /// <summary>How many pairs there will be, for the progress; null when unknown.</summary>
    public int? ExpectedPairs { get; init; }

    /// <summary>The most pairs under way at once, at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The study's seed; decides which order each pair is judged in first.</summary>
    public long Seed { get; init; }

    /// <summary>Above this share of incomplete pairs, 0 to 1, the file and so the report are marked, with examples.</summary>
    public double WarnFailureRate { get; init; } = UsualWarnFailureRate;

    /// <summary>Above this share of incomplete pairs, 0 to 1, the stage fails after writing its file.</summary>
    public double MaxFailureRate { get; init; } = 0.10;

    /// <summary>The models that wrote the training answers; a judge that is kin to one is a caution.</summary>
    public IReadOnlyList<string> Generators { get; init; } = [];

    /// <summary>Sentences for the file's warnings that are known before anything is judged.</summary>
    public IReadOnlyList<string> Cautions { get; init; } = [];

    /// <summary>The pairs that the comparison was planned with; null when nobody said. Only told while it is not complete: the file is the same.</summary>
    public long? PlannedPairs { get; init; }

    /// <summary>The study's comparisons, at least 1: what evidence may stop it depends on their number.</summary>
    public int PlannedComparisons { get; init; } = 1;

    public const double UsualWarnFailureRate = 0.02;
}
