using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>Attempts of this run that may have been billed and are not written down yet: until something is written anyway they stay in the
/// run's allowance. Not safe for several threads.</summary>
/// <param name="study">The study that pays.</param>
internal sealed class UnclearAttempts(string study)
{
    private readonly Dictionary<(string Stage, string Model), (long Attempts, long Nano, long Unpriced)> _waiting = [];

    /// <summary>Their most in billionths of a dollar.</summary>
    public long Nano => _waiting.Values.Sum(u => u.Nano);

    /// <param name="stage">The stage that asked.</param>
    /// <param name="model">The model that was asked.</param>
    /// <param name="most">What the attempt cost at most; null when not known.</param>
    public void Add(string stage, string model, long? most)
    {
        var (attempts, nano, unpriced) = _waiting.GetValueOrDefault((stage, model));
        _waiting[(stage, model)] = (attempts + 1, nano + (most ?? 0), unpriced + (most is null ? 1 : 0));
    }

    /// <summary>Writes them down, and takes them out of the run's allowance.</summary>
    public void Write(SqliteTransaction transaction, long? run)
    {
        foreach (var ((stage, model), (attempts, nano, unpriced)) in _waiting)
        {
            SpendingRows.AddUnclear(transaction, study, stage, model, attempts, nano, unpriced);
        }

        if (run is { } id && _waiting.Count > 0)
        {
            SpendingRows.ChangeAllowance(transaction, id, -Nano);
        }
    }

    public void Clear() => _waiting.Clear();
}
