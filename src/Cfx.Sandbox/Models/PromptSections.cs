using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// The delimited sections of a request: <c>&lt;name id="8 hex digits"&gt;</c>, text, <c>&lt;/name id="same digits"&gt;</c>, each tag on
/// a line of its own. By them a request for judging or rewriting is recognised, whatever its wording.
/// </summary>
internal static class PromptSections
{
    // Every opening without its closing costs a search through the rest of the text.
    private const int MaximumOpenings = 64;
    private const int IdLength = 8;

    /// <summary>The sections by name; of equal names the first. Tags within a section are its text.</summary>
    public static Dictionary<string, string> Find(string text)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        var position = 0;
        for (var openings = 0; openings < MaximumOpenings; openings++)
        {
            var mark = text.IndexOf(" id=\"", position, StringComparison.Ordinal);
            if (mark < 0)
            {
                break;
            }

            position = mark + 1;
            var start = mark;
            while (start > 0 && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] == '_') && mark - start < 40)
            {
                start--;
            }

            var idStart = mark + 5;
            var bodyStart = idStart + IdLength + 3;
            if (start == 0 || start == mark || text[start - 1] != '<' || bodyStart > text.Length
                || !text.AsSpan(idStart + IdLength, 3).SequenceEqual("\">\n") || !IsHex(text.AsSpan(idStart, IdLength)))
            {
                continue;
            }

            var name = text[start..mark];
            var closing = $"\n</{name} id=\"{text.AsSpan(idStart, IdLength)}\">";
            // An empty section has only one line break between its tags.
            var end = text.IndexOf(closing, bodyStart - 1, StringComparison.Ordinal);
            if (end >= 0)
            {
                sections.TryAdd(name, end < bodyStart ? "" : text[bodyStart..end]);
                position = end + closing.Length;
            }
        }

        return sections;
    }

    /// <summary>Reads a conversation section back into turns; a line <c>[user]</c>, <c>[assistant]</c> or <c>[system]</c> begins each.</summary>
    public static List<Message> Turns(string section)
    {
        var turns = new List<Message>();
        var role = Roles.User;
        var lines = new List<string>();
        foreach (var line in section.Split('\n'))
        {
            var next = line.TrimEnd() switch
            {
                "[user]" => Roles.User,
                "[assistant]" => Roles.Assistant,
                "[system]" => Roles.System,
                _ => null,
            };
            if (next is null)
            {
                lines.Add(line);
                continue;
            }

            Flush();
            role = next;
        }

        Flush();
        return turns;

        void Flush()
        {
            var content = string.Join('\n', lines).Trim();
            if (content.Length > 0)
            {
                turns.Add(new Message(role, content));
            }

            lines.Clear();
        }
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigitLower(character))
            {
                return false;
            }
        }

        return true;
    }
}
