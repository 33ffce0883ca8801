using Cfx.Core.Spending;

namespace Cfx.Together.Tests.Serving;

/// <summary>A budget with a limit, and everything that it was told.</summary>
internal sealed class RecordingBudget(decimal limit = 1000) : IBudget
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, decimal> _entries = new(StringComparer.Ordinal);

    public List<string> Told { get; } = [];

    public decimal Total
    {
        get
        {
            lock (_gate)
            {
                return _entries.Values.Sum();
            }
        }
    }

    public IReadOnlyCollection<string> Keys => _entries.Keys;

    public Task ReserveAsync(string key, string stage, string purpose, decimal? usd, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (usd is null)
            {
                throw new Core.MisuseException("the price is not known");
            }

            if (_entries.Where(e => e.Key != key).Sum(e => e.Value) + usd > limit)
            {
                throw new BudgetReachedException("the budget is reached");
            }

            _entries[key] = usd.Value;
            Told.Add(FormattableString.Invariant($"reserve {usd:0.00}"));
            return Task.CompletedTask;
        }
    }

    public Task SettleAsync(string key, decimal? usd, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _entries[key] = usd ?? _entries.GetValueOrDefault(key);
            Told.Add(usd is null ? "settle as reserved" : FormattableString.Invariant($"settle {usd:0.00}"));
            return Task.CompletedTask;
        }
    }

    public Task ReleaseAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _entries.Remove(key);
            Told.Add("release");
            return Task.CompletedTask;
        }
    }
}
