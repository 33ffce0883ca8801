using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>Turns a conversation into a training example of which only the last assistant message is learnt.</summary>
public static class LastAssistantMask
{
    /// <summary>Gives every message weight 0 but the last assistant message, which gets 1.</summary>
    /// <returns>As many messages as given; without any assistant message, all weights are 0 and the file check refuses the example.</returns>
    public static IReadOnlyList<TrainingMessage> Apply(IReadOnlyList<Message> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var target = LastAssistant(messages);
        return [.. messages.Select((m, i) => new TrainingMessage(m.Role, m.Content, i == target ? 1 : 0))];
    }

    /// <summary>Keeps the last messages of the context, so that long conversations fit the model.</summary>
    /// <param name="messages">The context and the answer to learn, which is the last message.</param>
    /// <param name="maxContextTurns">The most messages kept before the answer, 1 or more; the leading system message does not count. Null keeps all.</param>
    /// <returns>The leading system message, where there is one, then messages beginning with a user's, then the answer. When the kept part
    /// would begin with an assistant message, that message goes too.</returns>
    public static IReadOnlyList<Message> Shorten(IReadOnlyList<Message> messages, int? maxContextTurns)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (maxContextTurns is not { } limit)
        {
            return messages;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(maxContextTurns));
        var head = messages is [{ Role: Roles.System }, ..] ? 1 : 0;
        var first = Math.Max(head, messages.Count - 1 - limit);
        if (first == head)
        {
            return messages;
        }

        while (first < messages.Count - 1 && !string.Equals(messages[first].Role, Roles.User, StringComparison.Ordinal))
        {
            first++;
        }

        return [.. messages.Take(head), .. messages.Skip(first)];
    }

    private static int LastAssistant(IReadOnlyList<Message> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (string.Equals(messages[i].Role, Roles.Assistant, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
