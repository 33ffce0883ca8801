using Cfx.Core.Generation;

namespace Cfx.Core.Auditing;

/// <summary>Draws the same few of many on every machine: those whose seeded hash is smallest. A larger sample holds the smaller one.</summary>
/// <param name="size">How many, at least 1.</param>
/// <param name="seed">The study's.</param>
/// <param name="purpose">Tells draws apart.</param>
internal sealed class SeededSample<T>(int size, long seed, string purpose)
{
    // The largest kept stands on top.
    private readonly PriorityQueue<(ulong Key, long Order, T Item), ulong> _kept = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
    private long _order;

    internal void Add(T item, params ReadOnlySpan<string> name)
    {
        var key = StableSeed.Derive(seed, [purpose, .. name]);
        _order++;
        if (_kept.Count < size)
        {
            _kept.Enqueue((key, _order, item), key);
        }
        else if (_kept.TryPeek(out _, out var largest) && key < largest)
        {
            _kept.DequeueEnqueue((key, _order, item), key);
        }
    }

    /// <summary>As they came.</summary>
    internal IReadOnlyList<T> InOrder() => [.. _kept.UnorderedItems.OrderBy(k => k.Element.Order).Select(k => k.Element.Item)];

    /// <summary>As drawn.</summary>
    internal IReadOnlyList<T> Drawn() => [.. _kept.UnorderedItems.OrderBy(k => k.Element.Key).Select(k => k.Element.Item)];
}
