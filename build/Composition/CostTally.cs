namespace Cfx.Build.Composition;

/// <summary>Adds up what the answers that one artifact is made of cost, whenever they were bought. Safe for several threads.</summary>
internal sealed class CostTally
{
    private readonly Lock _lock = new();
    private decimal? _usd = 0;

    /// <summary>US dollars; null as soon as one price is not known.</summary>
    public decimal? Usd
    {
        get
        {
            lock (_lock)
            {
                return _usd;
            }
        }
    }

    public void Add(decimal? usd)
    {
        lock (_lock)
        {
            _usd += usd;
        }
    }
}
