namespace Cfx.Sandbox.Hosting;

/// <param name="IsTrained">Whether the loss counts this message; only answers of the assistant ever are.</param>
internal sealed record TrainingMessage(string Role, string Content, bool IsTrained);
