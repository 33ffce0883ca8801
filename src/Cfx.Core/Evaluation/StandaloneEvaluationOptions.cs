using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>A comparison of any two models, outside a study.</summary>
public sealed record StandaloneEvaluationOptions
{
    /// <summary>The model whose wins are counted.</summary>
    public required string Model1 { get; init; }

    /// <summary>The other model; not the same name.</summary>
    public required string Model2 { get; init; }

    /// <summary>How both are asked; the model's name in it is not used.</summary>
    public required GenerationSettings Answers { get; init; }

    /// <summary>How the judge is asked.</summary>
    public required GenerationSettings Judge { get; init; }

    public required JudgePrompts Prompts { get; init; }

    /// <summary>The evaluation file. The answers go beside it, as {name}.model1.jsonl and {name}.model2.jsonl.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Who serves the judge.</summary>
    public required string Provider { get; init; }

    /// <summary>Who serves both contestants; null for the judge's provider.</summary>
    public string? ArmsProvider { get; init; }

    /// <summary>Sentences for the file's warnings that are known before anything is asked.</summary>
    public IReadOnlyList<string> Cautions { get; init; } = [];

    /// <summary>How many contexts there will be, for the progress; null when unknown.</summary>
    public int? ExpectedContexts { get; init; }

    /// <summary>The most calls or pairs under way at once, at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    public long Seed { get; init; }

    /// <summary>Called with a stage's name, respond or evaluate, and the requests that it is about to make, so that their answers can be had ahead; it
    /// may open them several times.</summary>
    public Func<string, Func<IAsyncEnumerable<ChatRequest>>, CancellationToken, Task> Ahead { get; init; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>Above this share of incomplete pairs, 0 to 1, the file is marked.</summary>
    public double WarnFailureRate { get; init; } = EvaluateOptions.UsualWarnFailureRate;

    /// <summary>Above this share of incomplete pairs, 0 to 1, the evaluation fails after writing its file.</summary>
    public double MaxFailureRate { get; init; } = 0.10;
}
