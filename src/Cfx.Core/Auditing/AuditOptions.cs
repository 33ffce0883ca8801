using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Core.Auditing;

/// <summary>What the judge is held against, and how.</summary>
public sealed record AuditOptions
{
    /// <summary>The rewrites of disliked answers, as the feedback method's processing wrote them.</summary>
    public required string ProcessedPath { get; init; }

    /// <summary>Items, the liked answers among them.</summary>
    public required string ItemsPath { get; init; }

    /// <summary>Asks for other answers to the contexts of liked ones.</summary>
    public required IImprovementMethod Alternative { get; init; }

    /// <summary>How those are asked for.</summary>
    public required GenerationSettings Generator { get; init; }

    /// <summary>How the judge is asked.</summary>
    public required GenerationSettings Judge { get; init; }

    public required JudgePrompts Prompts { get; init; }

    /// <summary>Who serves the judge.</summary>
    public required string Provider { get; init; }

    /// <summary>Who serves the model that writes the other answers.</summary>
    public required string GeneratorProvider { get; init; }

    /// <summary>audit.json.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Pairs in all, at least 2: half of each kind, as far as the data go.</summary>
    public int Size { get; init; } = 200;

    /// <summary>Draws the sample and seeds the calls.</summary>
    public long Seed { get; init; }

    /// <summary>The most calls or pairs under way at once, at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Called with a section's name, process or evaluate, and the requests that are about to be made, so that their answers can be had ahead; it may
    /// open them several times.</summary>
    public Func<string, Func<IAsyncEnumerable<ChatRequest>>, CancellationToken, Task> Ahead { get; init; } = static (_, _, _) => Task.CompletedTask;
}
