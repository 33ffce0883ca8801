using Cfx.Sandbox.Prices;

namespace Cfx.Sandbox.Hosting;

/// <param name="Name">The name used in requests.</param>
/// <param name="DisplayName">The name shown to people.</param>
/// <param name="ContextLength">Tokens of prompt and answer together.</param>
/// <param name="Limits">What its training may be asked to do; null when it cannot be trained.</param>
internal sealed record ServedModelInfo(string Name, string DisplayName, int ContextLength, TrainingLimits? Limits)
{
    public ModelPrice Price { get; init; } = ModelPrice.Usual;
}
