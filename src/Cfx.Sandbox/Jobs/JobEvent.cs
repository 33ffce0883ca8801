namespace Cfx.Sandbox.Jobs;

/// <param name="Type">One of the API's event types, lower case.</param>
/// <param name="Step">The step after which it happened; 0 before the first.</param>
/// <param name="CheckpointPath">What was saved; empty for nothing.</param>
/// <param name="ModelPath">The tuned model's name; empty until there is one.</param>
internal sealed record JobEvent(DateTimeOffset CreatedAt, string Level, string Type, string Message, int Step, string CheckpointPath, string ModelPath);
