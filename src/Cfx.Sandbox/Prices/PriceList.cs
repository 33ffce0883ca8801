using Cfx.Sandbox.Hosting;

namespace Cfx.Sandbox.Prices;

/// <summary>What everything costs: nothing, or in a rehearsal invented prices of the usual size, all in dollars.</summary>
internal sealed class PriceList(bool isRehearsal)
{
    private const decimal PerMillion = 1_000_000m;
    private const decimal BatchShare = 0.5m;

    // Training all weights, and training by preferences, cost more, as they do elsewhere.
    private const decimal FullFactor = 1.25m;
    private const decimal PreferenceFactor = 2.5m;

    public bool IsRehearsal { get; } = isRehearsal;

    /// <summary>Dollars per million tokens; all 0 outside a rehearsal.</summary>
    public ModelPrice Of(ServedModelInfo? model) => IsRehearsal ? model?.Price ?? ModelPrice.Usual : new ModelPrice(0, 0, 0);

    /// <summary>One answered call.</summary>
    public decimal Chat(ServedModelInfo model, long promptTokens, long completionTokens, bool isBatch)
    {
        if (!IsRehearsal)
        {
            return 0;
        }

        var price = Of(model);
        return ((promptTokens * price.Input) + (completionTokens * price.Output)) / PerMillion * (isBatch ? BatchShare : 1);
    }

    /// <summary>A training of so many tokens, epochs and evaluations counted in.</summary>
    public decimal Training(ServedModelInfo? model, long tokens, bool isFull, bool isPreference) =>
        !IsRehearsal ? 0 : tokens * Of(model).FineTune * (isFull ? FullFactor : 1) * (isPreference ? PreferenceFactor : 1) / PerMillion;

    /// <summary>Cents a minute of a running replica.</summary>
    public decimal CentsPerMinute(Hardware hardware) => IsRehearsal ? hardware.CentsPerMinute : 0;
}
