using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Store;

/// <summary>One study's money: everything that any run of it spends, durable beside the answers, and never more than the limit.</summary>
/// <remarks>Before a call is sent, the most that it can cost is covered by the run's allowance, a durable row that is drawn from what the limit
/// leaves. Storing the answer moves its price from the allowance to what is spent, in one transaction. So the sum of all rows never passes the
/// limit, and a run that is killed leaves behind just an allowance: what may have been billed and nobody can know.</remarks>
public sealed class StudyBudget : IBudget, IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunAllowance _allowance;
    private readonly List<TaskCompletionSource> _waiting = [];
    private TaskCompletionSource? _closing;
    private int _open;
    private bool _disposed;

    private StudyBudget(RunAllowance allowance, string study, decimal? limitUsd)
    {
        _allowance = allowance;
        Study = study;
        LimitUsd = limitUsd;
    }

    public string Study { get; }

    /// <summary>The hard limit in US dollars; null for none.</summary>
    public decimal? LimitUsd { get; }

    /// <summary>What calls are priced by, unless a stage has prices of its own.</summary>
    public PriceBook Prices { get; set; } = new();

    /// <summary>Whether something may be bought whose price is not known. It is counted, never as 0.</summary>
    public bool AllowsUnknownPrices { get; private init; }

    /// <summary>The budget in US dollars that is expected to finish the study; null when nobody knows. Only said to people.</summary>
    public decimal? EnoughUsd
    {
        get => _allowance.EnoughUsd;
        set => _allowance.EnoughUsd = value;
    }

    /// <summary>Opens the ledger; it is made when missing.</summary>
    /// <param name="options">The response store's file.</param>
    /// <param name="study">The study, the ending of a sandbox one included.</param>
    /// <param name="limitUsd">0 or more; null for no limit.</param>
    /// <param name="allowUnknownPrices">See <see cref="AllowsUnknownPrices"/>.</param>
    /// <param name="time">Tells when entries were made.</param>
    /// <exception cref="Core.StageFailedException">The file is damaged, of another kind, or cannot be written.</exception>
    public static StudyBudget Open(StoreOptions options, string study, decimal? limitUsd, bool allowUnknownPrices, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        long? limit = limitUsd is { } usd ? NanoUsd.Floor(usd) : null;
        return new StudyBudget(new RunAllowance(options, study, limit, time), study, limitUsd) { AllowsUnknownPrices = allowUnknownPrices };
    }

    /// <summary>The meter of a stage's calls.</summary>
    /// <param name="stage">Such as process.</param>
    /// <param name="prices">Prices of its own, as for a stage whose models run elsewhere; null for the study's.</param>
    public StudyMeter For(string stage, PriceBook? prices = null) => new(this, stage, prices);

    /// <summary>The price of a model's calls; null when not known.</summary>
    public TokenPrice? PriceOf(string model) => Prices.Chat(model);

    /// <inheritdoc/>
    public Task ReserveAsync(string key, string stage, string purpose, decimal? usd, CancellationToken cancellationToken) => Locked(
        () =>
        {
            if (usd is null && !AllowsUnknownPrices)
            {
                throw UnknownPrice.Of(purpose);
            }

            _allowance.Reserve(key, stage, purpose, Ceiling(usd));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task SettleAsync(string key, decimal? usd, CancellationToken cancellationToken) =>
        Locked(() => _allowance.Settle(key, Ceiling(usd)), cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseAsync(string key, CancellationToken cancellationToken) => Locked(() => _allowance.Release(key), cancellationToken);

    /// <summary>What all runs have spent so far.</summary>
    public StudySpending Summarize()
    {
        lock (_lock)
        {
            return _allowance.Summarize();
        }
    }

    /// <summary>Gives back what this run does not need. What may still be billed stays counted.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _disposed = true;
                _allowance.Dispose();
            }
        }
    }

    /// <summary>Sets aside the most that an attempt can cost; null when that is not known.</summary>
    internal ICallCharge Open(StudyMeter meter, ChatRequest request, long? most)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _allowance.Open(most ?? 0, $"the next call to '{request.Model}'");
            _open++;
            return new BudgetCharge(this, meter, request, most);
        }
    }

    /// <summary>Sets aside like the other. Where that would pass the limit it waits for attempts under way, and fails only when none is.</summary>
    internal async Task<ICallCharge> OpenAsync(StudyMeter meter, ChatRequest request, long? most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task closing;
            lock (_lock)
            {
                try
                {
                    return Open(meter, request, most);
                }
                catch (BudgetReachedException) when (_open > 0)
                {
                    _closing ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    closing = _closing.Task;
                }
            }

            await closing.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends an attempt.</summary>
    /// <param name="released">How much less than the most it cost, in billionths of a dollar.</param>
    /// <param name="unclear">The model that may have been billed for it without an answer, and the most that it cost; null when all is clear.</param>
    internal void Close(long released, (string Stage, string Model, long? Most)? unclear)
    {
        lock (_lock)
        {
            _allowance.Lower(released);
            if (unclear is var (stage, model, most))
            {
                _allowance.AddUnclear(stage, model, most);
            }

            _closing?.SetResult();
            _closing = null;
            if (--_open == 0)
            {
                _waiting.ForEach(static w => w.SetResult());
                _waiting.Clear();
            }
        }
    }

    internal async Task<StoredAnswer> StoreAsync(ResponseStore store, StoredAnswer answer)
    {
        var nano = AnswerRow.Nano(answer.PriceUsd) ?? 0;

        // Counted even if another process was faster: this answer too was bought.
        var kept = await store.AddAsync(answer, (transaction, _) => _allowance.Spend(transaction, answer, nano));
        lock (_lock)
        {
            _allowance.Spent(nano);
        }

        return kept;
    }

    internal Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_open == 0)
            {
                return Task.CompletedTask;
            }

            var quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(quiet);
            return quiet.Task.WaitAsync(cancellationToken);
        }
    }

    private static long? Ceiling(decimal? usd) => usd is { } known ? NanoUsd.Ceiling(known) : null;

    private Task Locked(Action work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        try
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                work();
            }

            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }
}
