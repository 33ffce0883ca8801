using System.Globalization;

namespace Cfx.Core.Conversations;

/// <summary>Names items in file order: the conversation id for the first of a conversation, then with "#2", "#3", … No name is given twice,
/// not even when a conversation's own id ends like that.</summary>
public sealed class ItemIds
{
    private readonly HashSet<UInt128> _given = [];
    private readonly Dictionary<UInt128, int> _last = [];

    /// <returns>The next free name for an item of a conversation.</returns>
    public string Next(string conversationId)
    {
        if (_given.Add(ContentKey.Of(conversationId)))
        {
            return conversationId;
        }

        var key = ContentKey.Of(conversationId);
        var number = _last.GetValueOrDefault(key, 1);
        string name;
        do
        {
            number++;
            name = string.Create(CultureInfo.InvariantCulture, $"{conversationId}#{number}");
        }
        while (!_given.Add(ContentKey.Of(name)));

        _last[key] = number;
        return name;
    }
}
