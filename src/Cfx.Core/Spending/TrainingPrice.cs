namespace Cfx.Core.Spending;

/// <summary>What a fine-tuning job on a model costs.</summary>
/// <param name="LoraUsd">US dollars for a million tokens when adapters are trained; null when not known.</param>
/// <param name="FullUsd">The same when all weights are trained.</param>
/// <param name="MinimumUsd">What any job costs at least, 0 or more.</param>
public sealed record TrainingPrice(decimal? LoraUsd, decimal? FullUsd, decimal MinimumUsd)
{
    /// <summary>In US dollars; null when not known.</summary>
    /// <param name="tokens">Training tokens times epochs plus validation tokens times evaluations.</param>
    /// <param name="lora">Whether adapters are trained.</param>
    public decimal? For(long tokens, bool lora) =>
        (lora ? LoraUsd : FullUsd) is { } rate ? Math.Max(MinimumUsd, tokens * rate / 1_000_000m) : null;
}
