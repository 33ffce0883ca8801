namespace Cfx.Sandbox.Hosting;

/// <summary>One conversation of a training file.</summary>
internal sealed record TrainingExample(IReadOnlyList<TrainingMessage> Messages)
{
    /// <summary>The answer that the last message was preferred to; null where no two are compared.</summary>
    public string? Rejected { get; init; }
}
