using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Cfx.Core.Conversations;

/// <summary>Assigns sides to items. Holds hashes, no text: some hundred bytes an item.</summary>
internal sealed class SplitPlan(SplitOptions options)
{
    private readonly SplitGroups _groups = new();
    private readonly List<Item> _items = [];
    private readonly Dictionary<UInt128, int> _places = [];
    private readonly List<(UInt128 Conversation, UInt128 Context)> _absent = [];

    /// <summary>What became of an item.</summary>
    internal enum State
    {
        New,
        Frozen,
        LeftOut,
    }

    public long LeftOut => _items.LongCount(item => item.State == State.LeftOut);

    public long Added => _items.LongCount(item => item.State == State.New);

    /// <summary>Adds an item of the input.</summary>
    /// <returns>False when its id was added before.</returns>
    public bool TryAdd(string itemId, string conversationId, string contextHash)
    {
        var key = ContentKey.Of(itemId);
        if (!_places.TryAdd(key, _items.Count))
        {
            return false;
        }

        _items.Add(new Item(key, ContentKey.Of(conversationId), ContentKey.Of(contextHash), State.New));
        return true;
    }

    /// <summary>Takes over an assignment that exists; after all items were added.</summary>
    /// <returns>False when it contradicts one taken over before.</returns>
    public bool TryFreeze(SplitLine line)
    {
        var conversation = ContentKey.Of(line.ConversationId);
        var context = ContentKey.Of(line.ContextHash);
        if (!_groups.TrySetSide(_groups.Conversation(conversation), line.Side))
        {
            return false;
        }

        if (!_places.TryGetValue(ContentKey.Of(line.ItemId), out var place) || _items[place].Conversation != conversation)
        {
            _absent.Add((conversation, context));
            return true;
        }

        // An edited item keeps its side by its conversation; its former context is free again. An item that comes back does so as a new
        // one, beside its conversation's side, since its context may have been given away meanwhile.
        var item = _items[place];
        if (item.Context != context || line.Absent)
        {
            return true;
        }

        _items[place] = item with { State = State.Frozen };
        return _groups.TryJoin(_groups.Conversation(conversation), _groups.Context(context));
    }

    /// <summary>Gives every item a side or leaves it out; after all assignments were taken over.</summary>
    public void Assign()
    {
        // An absent item's context is only a wish: nothing is trained or tested on it now.
        foreach (var (conversation, context) in _absent)
        {
            _ = _groups.TryJoin(_groups.Conversation(conversation), _groups.Context(context));
        }

        // In the order of their keys, so that the input's order decides nothing.
        var places = Enumerable.Range(0, _items.Count).Where(place => _items[place].State == State.New)
            .OrderBy(place => _items[place].Conversation).ThenBy(place => _items[place].Context).ToArray();
        foreach (var place in places)
        {
            var item = _items[place];
            if (!_groups.TryJoin(_groups.Conversation(item.Conversation), _groups.Context(item.Context)))
            {
                _items[place] = item with { State = State.LeftOut };
            }
        }

        foreach (var item in _items)
        {
            var node = _groups.Conversation(item.Conversation);
            if (_groups.Side(node) is null)
            {
                _groups.TrySetSide(node, SplitDraw.Side(_groups.Name(node), options));
            }
        }
    }

    /// <summary>Whether an item of a conversation is in the input and has a side.</summary>
    public bool IsAssigned(string itemId, string conversationId) =>
        _places.TryGetValue(ContentKey.Of(itemId), out var place)
        && _items[place].State != State.LeftOut
        && _items[place].Conversation == ContentKey.Of(conversationId);

    public (SplitSide Side, string Group) OfConversation(string conversationId)
    {
        var node = _groups.Conversation(ContentKey.Of(conversationId));
        return (_groups.Side(node)!.Value, GroupName(node));
    }

    public SplitSide OfContext(string contextHash) => _groups.Side(_groups.Context(ContentKey.Of(contextHash)))!.Value;

    /// <summary>Counts, and the hash over the lines "first 16 bytes of the item id's SHA-256 in hex, blank, side", sorted.</summary>
    public SplitSummary Summarise(long absent)
    {
        var items = Enum.GetValues<SplitSide>().ToDictionary(side => side, _ => 0L);
        var groups = Enum.GetValues<SplitSide>().ToDictionary(side => side, _ => new HashSet<UInt128>());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in _items.Where(item => item.State != State.LeftOut).OrderBy(item => item.Key))
        {
            var node = _groups.Conversation(item.Conversation);
            var side = _groups.Side(node)!.Value;
            items[side]++;
            groups[side].Add(_groups.Name(node));
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Key:x32} {SplitSides.ToText(side)}\n"));
        }

        return new SplitSummary(
            options.Seed,
            options.TestShare,
            options.TrainSplit,
            items,
            groups.ToDictionary(pair => pair.Key, pair => (long)pair.Value.Count),
            Added,
            LeftOut,
            absent,
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private string GroupName(int node) => (_groups.Name(node) >> 64).ToString("x16", CultureInfo.InvariantCulture);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Item(UInt128 Key, UInt128 Conversation, UInt128 Context, State State);
}
