using Cfx.Core.Spending;

namespace Cfx.Core.Tests.Training;

/// <summary>A budget in memory that writes down what it is told, in order.</summary>
public sealed class RecordingBudget(decimal limit) : IBudget
{
    private readonly Dictionary<string, (decimal? Usd, bool IsSettled)> _entries = new(StringComparer.Ordinal);

    public List<string> Told { get; } = [];

    public IReadOnlyDictionary<string, (decimal? Usd, bool IsSettled)> Entries => _entries;

    public bool AllowsUnknown { get; set; }

    /// <summary>Called on both sides of each entry.</summary>
    public Action<string> Instant { get; set; } = static _ => { };

    public Task ReserveAsync(string key, string stage, string purpose, decimal? usd, CancellationToken cancellationToken)
    {
        Told.Add(FormattableString.Invariant($"reserve {stage} {key} {usd}"));
        if (usd is null && !AllowsUnknown)
        {
            throw new MisuseException("The price is not known.");
        }

        if (_entries.Where(e => e.Key != key).Sum(e => e.Value.Usd ?? 0) + (usd ?? 0) > limit)
        {
            throw new BudgetReachedException("It would pass the budget.");
        }

        Write("a reservation", () => _entries[key] = (usd, false));
        return Task.CompletedTask;
    }

    public Task SettleAsync(string key, decimal? usd, CancellationToken cancellationToken)
    {
        Told.Add(FormattableString.Invariant($"settle {key} {usd}"));
        Write("a settlement", () => _entries[key] = (usd ?? _entries.GetValueOrDefault(key).Usd, true));
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(string key, CancellationToken cancellationToken)
    {
        Told.Add($"release {key}");
        Write("a release", () => _entries.Remove(key));
        return Task.CompletedTask;
    }

    private void Write(string what, Action write)
    {
        Instant($"before {what}");
        write();
        Instant($"after {what}");
    }
}
