namespace Cfx.Sandbox.Prices;

/// <summary>What a model costs in a rehearsal, in dollars per million tokens.</summary>
/// <param name="Input">Of the prompt.</param>
/// <param name="Output">Of the answer.</param>
/// <param name="FineTune">Of an adapter's training by examples.</param>
internal sealed record ModelPrice(decimal Input, decimal Output, decimal FineTune)
{
    /// <summary>That of a model of which nothing else is said.</summary>
    public static readonly ModelPrice Usual = new(0.20m, 0.60m, 0.50m);
}
