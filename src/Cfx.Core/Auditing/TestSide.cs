using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Auditing;

/// <summary>What the overlap check holds of the test: hashes, sketches and the end of each context, not the texts.</summary>
internal sealed class TestSide
{
    private const int ExcerptLength = 240;

    private readonly Dictionary<string, int> _byConversation = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byContext = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byLastMessage = new(StringComparer.Ordinal);
    private readonly NearDuplicates _near = new();

    public List<LeakedContext> Contexts { get; } = [];

    public int Items { get; private set; }

    /// <summary>Items whose conversation had one before, and the same for contexts and for the last user message alone.</summary>
    public int RepeatedConversations { get; private set; }

    public int RepeatedContexts { get; private set; }

    public int RepeatedLastMessages { get; private set; }

    public static async Task<TestSide> ReadAsync(string path, int? maxContexts, CancellationToken cancellationToken)
    {
        var side = new TestSide();
        HashSet<string> conversations = new(StringComparer.Ordinal), contexts = new(StringComparer.Ordinal), lasts = new(StringComparer.Ordinal);
        await foreach (var item in FilteredItems.ReadAsync(path, cancellationToken))
        {
            side.Items++;
            side.RepeatedConversations += conversations.Add(item.ConversationId) ? 0 : 1;
            side.RepeatedContexts += contexts.Add(ContextHash.Of(item.Context)) ? 0 : 1;
            side.RepeatedLastMessages += LastMessage(item.Context) is { } last && !lasts.Add(last) ? 1 : 0;
        }

        await foreach (var context in TestContexts.FromItemsAsync(FilteredItems.ReadAsync(path, cancellationToken), maxContexts, cancellationToken))
        {
            side.Add(context);
        }

        return side;
    }

    public void FindConversation(string conversationId, string place)
    {
        if (_byConversation.TryGetValue(conversationId, out var index))
        {
            Contexts[index].Found("conversation_id", place);
        }
    }

    public void FindContext(IReadOnlyList<Message> context, string place)
    {
        foreach (var hash in ContextHash.OfBeginnings(context))
        {
            if (_byContext.TryGetValue(hash, out var index))
            {
                Contexts[index].BeginsLonger = true;
            }
        }

        if (context.Any(m => !string.IsNullOrWhiteSpace(m.Content)) && _byContext.TryGetValue(ContextHash.Of(context), out var same))
        {
            Contexts[same].Found("context", place);
        }
    }

    public void FindLastMessage(IReadOnlyList<Message> context)
    {
        foreach (var index in LastMessage(context) is { } hash && _byLastMessage.TryGetValue(hash, out var found) ? found : [])
        {
            Contexts[index].SharesLastMessage = true;
        }
    }

    public void FindNear(IReadOnlyList<Message> context, string place)
    {
        var text = NearDuplicates.TextOf(context);
        foreach (var (index, similarity) in _near.Find(text))
        {
            Contexts[index].Resembles(similarity, place, Excerpt(context));
        }
    }

    private static string? LastMessage(IReadOnlyList<Message> context) =>
        context.LastOrDefault(m => m.Role == Roles.User) is { } last && TextNormaliser.Normalise(last.Content) is { Length: > 0 } text ? TextNormaliser.Hash(text) : null;

    private static string Excerpt(IReadOnlyList<Message> context)
    {
        var text = context[^1].Content;
        return text.Length <= ExcerptLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[ExcerptLength - 1]) ? ExcerptLength - 1 : ExcerptLength), "…");
    }

    private void Add(TestContext context)
    {
        var index = Contexts.Count;
        Contexts.Add(new LeakedContext(context.ItemId, context.ConversationId, Excerpt(context.Context)));
        _byConversation.TryAdd(context.ConversationId, index);
        _byContext.TryAdd(ContextHash.Of(context.Context), index);
        _near.Add(NearDuplicates.TextOf(context.Context));
        if (LastMessage(context.Context) is { } last)
        {
            if (!_byLastMessage.TryGetValue(last, out var holders))
            {
                _byLastMessage[last] = holders = [];
            }

            holders.Add(index);
        }
    }
}
