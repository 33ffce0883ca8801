namespace Cfx.Sandbox.Http;

/// <param name="Kind">What goes wrong.</param>
/// <param name="Amount">How much of it; null for the kind's own.</param>
internal sealed record Fault(FaultKind Kind, int? Amount = null);
