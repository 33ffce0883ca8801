namespace Cfx.Core.Conversations;

/// <summary>Which conversations and contexts belong together: a union-find over the keys of both, in which a group may have a side, and groups
/// of different sides never join.</summary>
internal sealed class SplitGroups
{
    private readonly Dictionary<UInt128, int> _nodes = [];
    private readonly List<int> _parents = [];
    private readonly List<SplitSide?> _sides = [];
    private readonly List<UInt128> _names = [];

    /// <summary>The node of a conversation.</summary>
    public int Conversation(UInt128 key) => Node(key, key);

    /// <summary>The node of a context. It names no group: an edited text must not change its group's name.</summary>
    public int Context(UInt128 key) => Node(~key, UInt128.MaxValue);

    public SplitSide? Side(int node) => _sides[Root(node)];

    /// <summary>The group's name: the smallest key of its conversations, the same whatever order they came in.</summary>
    public UInt128 Name(int node) => _names[Root(node)];

    /// <returns>False when the group has another side already.</returns>
    public bool TrySetSide(int node, SplitSide side)
    {
        var root = Root(node);
        _sides[root] ??= side;
        return _sides[root] == side;
    }

    /// <returns>False when the two have different sides; they stay apart then.</returns>
    public bool TryJoin(int first, int second)
    {
        var (a, b) = (Root(first), Root(second));
        if (a == b)
        {
            return true;
        }

        if (_sides[a] is { } one && _sides[b] is { } other && one != other)
        {
            return false;
        }

        _parents[b] = a;
        _sides[a] ??= _sides[b];
        _names[a] = UInt128.Min(_names[a], _names[b]);
        return true;
    }

    private int Node(UInt128 key, UInt128 name)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            node = _parents.Count;
            _nodes.Add(key, node);
            _parents.Add(node);
            _sides.Add(null);
            _names.Add(name);
        }

        return node;
    }

    private int Root(int node)
    {
        while (_parents[node] != node)
        {
            _parents[node] = _parents[_parents[node]];
            node = _parents[node];
        }

        return node;
    }
}
