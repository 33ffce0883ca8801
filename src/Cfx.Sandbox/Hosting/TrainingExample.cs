namespace Cfx.Sandbox.Hosting;

/// <summary>One conversation of a training file.</summary>
internal sealed record TrainingExample(IReadOnlyList<TrainingMessage> Messages);
