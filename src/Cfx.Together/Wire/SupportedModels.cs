namespace Cfx.Together.Wire;

/// <summary>The models that can be fine-tuned.</summary>
public sealed record SupportedModels
{
    public IReadOnlyList<string>? Models { get; init; }
}
