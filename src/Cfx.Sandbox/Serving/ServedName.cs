namespace Cfx.Sandbox.Serving;

/// <summary>What a name in a request leads to.</summary>
/// <param name="Model">The model that answers, by its own name.</param>
/// <param name="IsDedicated">Whether minutes are billed for it instead of tokens.</param>
internal readonly record struct ServedName(string Model, bool IsDedicated);
