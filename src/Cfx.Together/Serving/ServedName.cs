namespace Cfx.Together.Serving;

/// <summary>Where a model answers now.</summary>
/// <param name="Way">How it is served.</param>
/// <param name="Name">What calls give as the model.</param>
public sealed record ServedName(ServingWay Way, string Name)
{
    /// <summary>What it is served under, to tell it from an earlier or later one of the same name; null when asked by the model's own name.</summary>
    internal object? Lease { get; init; }
}
