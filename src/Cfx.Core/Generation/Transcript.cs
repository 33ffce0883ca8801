using System.Text;
using System.Text.RegularExpressions;
using Cfx.Core.Conversations;

namespace Cfx.Core.Generation;

/// <summary>Messages as one text: each turn begins with a line [user], [assistant] or [system]. A line of a message that looks like such a
/// mark gets a backslash before it, so that no message can pass part of itself off as another's turn.</summary>
public static partial class Transcript
{
    public static string Render(IReadOnlyList<Message> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            if (text.Length > 0)
            {
                text.Append('\n');
            }

            text.Append('[').Append(message.Role).Append("]\n").Append(LooksLikeMark().Replace(message.Content, @"\$0"));
        }

        return text.ToString();
    }

    /// <summary>The messages that <see cref="Render"/> was given.</summary>
    public static IReadOnlyList<Message> Read(string transcript)
    {
        var messages = new List<Message>();
        var marks = Mark().Matches(transcript);
        for (var i = 0; i < marks.Count; i++)
        {
            var start = marks[i].Index + marks[i].Length;
            var end = i + 1 < marks.Count ? marks[i + 1].Index - 1 : transcript.Length;
            messages.Add(new Message(marks[i].Groups[1].Value, Escaped().Replace(transcript[start..end], "$1")));
        }

        return messages;
    }

    [GeneratedRegex(@"^\\*\[(?:user|assistant|system)\]\r?$", RegexOptions.Multiline)]
    private static partial Regex LooksLikeMark();

    [GeneratedRegex(@"^\[(user|assistant|system)\]\n", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\\(\\*\[(?:user|assistant|system)\]\r?)$", RegexOptions.Multiline)]
    private static partial Regex Escaped();
}
