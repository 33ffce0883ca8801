using System.Text.Json.Nodes;

namespace Cfx.Core.Auditing;

/// <summary>What was found of one test context in training files.</summary>
internal sealed class LeakedContext(string itemId, string conversationId, string excerpt)
{
    private const int PlacesShown = 5;

    private readonly SortedSet<string> _by = new(StringComparer.Ordinal);
    private readonly List<string> _places = [];
    private int _count;
    private (double Similarity, string Place, string Excerpt) _nearest;

    public bool IsOverlapping => _count > 0;

    public bool IsByConversation => _by.Contains("conversation_id");

    public bool IsByContext => _by.Contains("context");

    public bool SharesLastMessage { get; set; }

    /// <summary>Whether a training conversation begins with it, which a short greeting does by chance.</summary>
    public bool BeginsLonger { get; set; }

    /// <summary>A context that was found as it is is no near duplicate besides.</summary>
    public bool IsNear => !IsOverlapping && _nearest.Similarity > 0;

    public double Similarity => _nearest.Similarity;

    public void Found(string by, string place)
    {
        _by.Add(by);
        if (_places.Count > 0 && _places[^1] == place)
        {
            return;
        }

        _count++;
        if (_places.Count < PlacesShown)
        {
            _places.Add(place);
        }
    }

    public void Resembles(double similarity, string place, string trainingExcerpt)
    {
        if (similarity > _nearest.Similarity)
        {
            _nearest = (similarity, place, trainingExcerpt);
        }
    }

    public JsonObject OverlapJson() => new()
    {
        ["item_id"] = itemId,
        ["conversation_id"] = conversationId,
        ["by"] = new JsonArray([.. _by.Select(b => (JsonNode)b)]),
        ["times"] = _count,
        ["places"] = new JsonArray([.. _places.Select(p => (JsonNode)p)]),
    };

    public JsonObject NearJson() => new()
    {
        ["item_id"] = itemId,
        ["conversation_id"] = conversationId,
        ["similarity"] = Math.Round(_nearest.Similarity, 4),
        ["place"] = _nearest.Place,
        ["test_text"] = excerpt,
        ["training_text"] = _nearest.Excerpt,
    };
}
