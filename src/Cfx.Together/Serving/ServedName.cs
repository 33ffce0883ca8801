namespace Cfx.Together.Serving;

/// <summary>Where a model answers now.</summary>
/// <param name="Way">How it is served.</param>
/// <param name="Name">What calls give as the model.</param>
public sealed record ServedName(ServingWay Way, string Name);
