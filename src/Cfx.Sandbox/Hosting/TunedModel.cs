namespace Cfx.Sandbox.Hosting;

/// <param name="Name">The name used in requests.</param>
/// <param name="BaseModel">What it was trained from.</param>
/// <param name="Path">Where its parameters are stored.</param>
/// <param name="CreatedAt">When its training ended.</param>
internal sealed record TunedModel(string Name, string BaseModel, string Path, DateTimeOffset CreatedAt);
