namespace Cfx.Core.Spending;

/// <summary>All prices that a run goes by. Of several sources the first that says something counts, for each kind of price by itself; what none
/// says is not known.</summary>
public sealed class PriceBook
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, ModelPrice>> _sources;
    private readonly bool _free;

    /// <param name="sources">The most trusted first: the user's file, the provider's own word, the project's dated file.</param>
    public PriceBook(params IReadOnlyList<IReadOnlyList<ModelPrice>> sources) => _sources =
        [.. sources.Select(s => s.GroupBy(p => p.Model, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal))];

    private PriceBook(bool free)
        : this() => _free = free;

    /// <summary>Everything costs nothing: the sandbox's.</summary>
    public static PriceBook Free { get; } = new(free: true);

    /// <summary>Of calls answered at once; null when not known.</summary>
    public TokenPrice? Chat(string model) => _free ? TokenPrice.Free : First(model, p => p.Chat)?.Chat;

    /// <summary>Of calls sent as a batch; null when not known. It is not taken for half of the direct price.</summary>
    public TokenPrice? Batch(string model) => _free ? TokenPrice.Free : First(model, p => p.Batch)?.Batch;

    /// <summary>Of fine-tuning jobs that start from the model; null when not known.</summary>
    public TrainingPrice? Training(string model) => _free ? new TrainingPrice(0, 0, 0) : First(model, p => p.Training)?.Training;

    /// <summary>US dollars for a minute of a deployment; null when not known.</summary>
    /// <param name="model">The model that is deployed, or that it was trained from.</param>
    /// <param name="told">What the provider tells of the very hardware; null when it tells nothing. It comes right after the most trusted source.</param>
    public decimal? ServingPerMinute(string model, decimal? told = null) =>
        _free ? 0 : Serving(_sources.Take(1), model) ?? told ?? Serving(_sources.Skip(1), model);

    /// <summary>Where the chat price is from, with its date; null when there is none.</summary>
    public string? SourceOf(string model) => _free ? "the sandbox costs nothing"
        : First(model, p => p.Chat) is { } price ? Words(price) : null;

    /// <summary>Where the price of training is from, with its date; null when there is none.</summary>
    public string? TrainingSourceOf(string model) => _free ? "the sandbox costs nothing"
        : First(model, p => p.Training) is { } price ? Words(price) : null;

    private static decimal? Serving(IEnumerable<IReadOnlyDictionary<string, ModelPrice>> sources, string model) =>
        sources.Select(s => s.GetValueOrDefault(model)?.ServingUsdPerMinute).FirstOrDefault(p => p is not null);

    private static string Words(ModelPrice price) => price.Date is { } date ? $"{price.Source}, {date:yyyy-MM-dd}" : price.Source;

    private ModelPrice? First(string model, Func<ModelPrice, object?> part) =>
        _sources.Select(s => s.GetValueOrDefault(model)).FirstOrDefault(p => p is not null && part(p) is not null);
}
