using Cfx.Build.Options;
using Cfx.Core.Artifacts;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Core.Training;
using Cfx.Together;
using Cfx.Together.Prices;
using Cfx.Together.Store;

namespace Cfx.Build.Composition.Planning;

/// <summary>The study's budget and the prices it goes by. The ledger is opened when first needed.</summary>
/// <param name="options">The run's options.</param>
/// <param name="root">The project's folder.</param>
/// <param name="time">Tells when entries were made.</param>
internal sealed class StudyMoney(OptionValues options, string root, TimeProvider time) : IDisposable
{
    private readonly Lock _opening = new();
    private readonly SemaphoreSlim _learning = new(1);
    private readonly Dictionary<string, IReadOnlyList<ModelPrice>> _learnt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StudyBudget> _others = new(StringComparer.Ordinal);
    private StudyBudget? _budget;

    /// <summary>The study as the ledger names it.</summary>
    public string Study { get; } = options.Text("study", "name") + (options.Provider == "sandbox" ? StudyLayout.SandboxEnding : string.Empty);

    /// <summary>The hard limit in US dollars; null when none was given.</summary>
    public decimal? LimitUsd => options.NumberOrNull("study", "budget") is { } usd ? (decimal)usd : null;

    public bool AllowsUnknownPrices => options.Flag("study", "allow-unknown-price");

    /// <summary>Whether anybody used the ledger in this run.</summary>
    public bool IsOpen => _budget is not null;

    /// <summary>Every purchase of the run goes through this one.</summary>
    /// <exception cref="Core.MisuseException">The user's file of prices is missing or broken.</exception>
    public StudyBudget Budget
    {
        get
        {
            lock (_opening)
            {
                if (_budget is null)
                {
                    var prices = Prices();
                    _budget = StudyBudget.Open(StoreFile.Options(root), Study, LimitUsd, AllowsUnknownPrices, time);
                    _budget.Prices = prices;
                }

                return _budget;
            }
        }
    }

    /// <summary>What a section's calls are charged to; on a sandbox they cost nothing, which is recorded too.</summary>
    public StudyMeter MeterFor(string section, bool isSandbox) => Budget.For(section, isSandbox ? PriceBook.Free : null);

    /// <summary>Asks a provider for its prices, once. One that cannot be asked tells none.</summary>
    public async Task LearnAsync(string provider, TogetherModels models, CancellationToken cancellationToken)
    {
        await _learning.WaitAsync(cancellationToken);
        try
        {
            if (_learnt.ContainsKey(provider))
            {
                return;
            }

            try
            {
                _learnt[provider] = ApiPrices.From(await models.ListAsync(cancellationToken), provider);
            }
            catch (ProviderException)
            {
                _learnt[provider] = [];
            }

            Budget.Prices = Prices();
        }
        finally
        {
            _learning.Release();
        }
    }

    /// <summary>The most that a call can cost in a batch; null when not known. Without a price of batches it is that of calls answered at once.</summary>
    public decimal? MostByBatchUsd(ChatRequest request, bool isSandbox) =>
        BatchPrice(request.Model, isSandbox) is { } price ? NanoUsd.ToUsd(TokenBounds.Nano(request, price)) : null;

    /// <summary>What an answer of a batch cost; null when not known.</summary>
    public decimal? PriceByBatchUsd(string model, ChatReply reply, bool isSandbox) =>
        reply is { PromptTokens: { } prompt, CompletionTokens: { } completion } && BatchPrice(model, isSandbox) is { } price
            ? NanoUsd.ToUsd(price.NanoFor(prompt, completion)) : null;

    /// <summary>Whether a model's calls are known to cost more by batch than at once: no kind of token is cheaper there, and one is dearer.</summary>
    public bool IsDearerByBatch(string model) => Budget.Prices.Batch(model) is { } batch && Budget.PriceOf(model) is { } direct
        && batch.InputUsd >= direct.InputUsd && batch.OutputUsd >= direct.OutputUsd && batch != direct;

    /// <summary>The ledger of a study of this project: this run's, or another's whose purchase this run takes in. Another's has no limit here, since
    /// nothing more is bought for it.</summary>
    public IBudget BudgetOf(string study)
    {
        if (study == Study)
        {
            return Budget;
        }

        lock (_opening)
        {
            return _others.TryGetValue(study, out var other)
                ? other
                : _others[study] = StudyBudget.Open(StoreFile.Options(root), study, limitUsd: null, allowUnknownPrices: true, time);
        }
    }

    /// <summary>What a job costs at most where its provider gives no estimate; null when its price is not known. Without the provider's count of
    /// tokens every byte of the files counts as one, since no token is shorter.</summary>
    public decimal? JobUsd(JobRecord record, FineTuningEstimate? estimate)
    {
        var how = record.Hyperparameters;
        var training = (estimate?.TrainingTokens ?? record.TrainingFile.Bytes) * how.Epochs;
        var validation = (estimate?.ValidationTokens ?? record.ValidationFile?.Bytes ?? 0) * how.Evaluations;
        return Budget.Prices.Training(record.BaseModel)?.For(training + validation, how.Lora);
    }

    public void Dispose()
    {
        foreach (var other in _others.Values)
        {
            other.Dispose();
        }

        _budget?.Dispose();
        _learning.Dispose();
    }

    private TokenPrice? BatchPrice(string model, bool isSandbox) =>
        isSandbox ? TokenPrice.Free : Budget.Prices.Batch(model) ?? Budget.PriceOf(model);

    private PriceBook Prices()
    {
        var project = Path.Combine(root, "prices", "together.json");
        return new PriceBook(
            options.TextOrNull("study", "prices") is { } file ? PriceFile.Read(Path.GetFullPath(file, root)) : [],
            [.. _learnt.Values.SelectMany(p => p)],
            options.Provider == "together" && File.Exists(project) ? PriceFile.Read(project) : []);
    }
}
