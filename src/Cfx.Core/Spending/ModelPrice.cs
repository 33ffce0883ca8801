namespace Cfx.Core.Spending;

/// <summary>What one source says of one model's prices. What it does not say is null, which is not 0.</summary>
/// <param name="Model">The model's name at its provider.</param>
/// <param name="Source">Where the prices are from, for people.</param>
public sealed record ModelPrice(string Model, string Source)
{
    /// <summary>When the source said so.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Of calls answered at once.</summary>
    public TokenPrice? Chat { get; init; }

    /// <summary>Of calls sent as a batch.</summary>
    public TokenPrice? Batch { get; init; }

    public TrainingPrice? Training { get; init; }

    /// <summary>US dollars for a minute in which a deployment of the model runs.</summary>
    public decimal? ServingUsdPerMinute { get; init; }
}
