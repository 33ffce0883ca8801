namespace Cfx.Sandbox.Jobs;

/// <param name="IsFinal">Whether it is the tuned model itself.</param>
internal sealed record JobCheckpoint(DateTimeOffset CreatedAt, int Step, bool IsFinal);
