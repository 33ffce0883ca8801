namespace Cfx.Core.Statistics;

/// <summary>Gathers items with the conversations that they are from: items of one conversation resemble each other, so that errors are summed by
/// conversation as soon as one gave several.</summary>
/// <typeparam name="T">What an item is.</typeparam>
public sealed class ConversationItems<T>
{
    private readonly Dictionary<string, int> _conversations = new(StringComparer.Ordinal);
    private readonly List<(int Conversation, T Item)> _items = [];

    /// <summary>True as soon as one conversation gave several items.</summary>
    public bool IsClustered => _items.Count > _conversations.Count;

    /// <summary>All items, in the order in which they came.</summary>
    public IEnumerable<T> All => _items.Select(i => i.Item);

    /// <summary>The first item of each conversation, in the order in which they came.</summary>
    public IEnumerable<T> Firsts => Grouped().Select(g => g[0]);

    /// <param name="conversation">Where it is from.</param>
    /// <param name="item">It.</param>
    public void Add(string conversation, T item)
    {
        if (!_conversations.TryGetValue(conversation, out var index))
        {
            _conversations.Add(conversation, index = _conversations.Count);
        }

        _items.Add((index, item));
    }

    /// <summary>The items of each conversation, these in the order in which they first came.</summary>
    public IReadOnlyList<IReadOnlyList<T>> Grouped()
    {
        var groups = new List<T>[_conversations.Count];
        foreach (var (conversation, item) in _items)
        {
            (groups[conversation] ??= []).Add(item);
        }

        return groups;
    }
}
