namespace Cfx.Core.Redaction;

/// <summary>How often each rule struck. One thread at a time.</summary>
public sealed class RedactionCounts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <param name="rules">Rules that are counted even if they never strike.</param>
    public RedactionCounts(IEnumerable<string> rules)
    {
        foreach (var rule in rules)
        {
            _counts[rule] = 0;
        }
    }

    /// <summary>By rule.</summary>
    public IReadOnlyDictionary<string, long> ByRule => _counts;

    internal void Add(string rule) => _counts[rule] = _counts.GetValueOrDefault(rule) + 1;
}
