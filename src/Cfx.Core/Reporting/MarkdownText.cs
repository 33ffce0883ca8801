using System.Text;

namespace Cfx.Core.Reporting;

/// <summary>Puts texts from data into Markdown so that they show as they are: none of them becomes markup, a link, an image, a mention or a reference.</summary>
/// <remarks>Written for GitHub's Markdown, whose mentions (@name), references (#1) and bare links are looked for after backslashes are gone. Only a character
/// between breaks those: a space of no width, which is not seen.</remarks>
internal static class MarkdownText
{
    private const string Break = "&#8203;";

    /// <summary>For a sentence, a list's item or a table's cell. What it returns is one line without spaces at its ends.</summary>
    public static string Escape(string text)
    {
        var line = OneLine(text);
        var escaped = new StringBuilder(line.Length + 8);
        for (var i = 0; i < line.Length; i++)
        {
            Append(escaped, line, i);
        }

        return escaped.ToString();
    }

    /// <summary>The text as a code span, its marks included; not for a table, whose cells a bar ends. A grave accent shows as an apostrophe.</summary>
    public static string Code(string? text)
    {
        var line = OneLine(text ?? string.Empty).Replace('`', '\'');
        return $"`{(line.Length == 0 ? "?" : line)}`";
    }

    private static void Append(StringBuilder escaped, string line, int at)
    {
        var c = line[at];
        var next = at + 1 < line.Length ? line[at + 1] : ' ';
        switch (c)
        {
            case '&':
                escaped.Append("&amp;");
                break;
            case '<':
                escaped.Append("&lt;");
                break;
            case '>':
                escaped.Append("&gt;");
                break;
            case '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '$' or '!' or '#' or '@':
                escaped.Append('\\').Append(c);
                break;

            // At the beginning they would make a list or a rule of it; a number's sign and point would not.
            case '-' or '+' or '=' when at == 0 && !char.IsAsciiDigit(next):
            case '.' or ')' when at > 0 && next == ' ' && !line.AsSpan(0, at).ContainsAnyExceptInRange('0', '9'):
                escaped.Append('\\').Append(c);
                break;

            // A link may begin with www. alone.
            case '.' when line.AsSpan(0, at).EndsWith("www", StringComparison.OrdinalIgnoreCase):
                escaped.Append(Break).Append(c);
                break;
            default:
                escaped.Append(c);
                break;
        }

        if ((c is '@' or '#' or '!' or '~' or '$' or '%' or '&' && (char.IsLetterOrDigit(next) || next is '"' or '_' or '-'))
            || (c == ':' && (next == '/' || char.IsLetter(next)))
            || (c == '-' && char.IsAsciiDigit(next) && line.AsSpan(0, at).EndsWith("GH", StringComparison.OrdinalIgnoreCase)))
        {
            escaped.Append(Break);
        }
    }

    // Line ends and other controls become spaces, runs of spaces one; what would turn the direction of the text around is shown as missing.
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else
            {
                line.Append(c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? '\uFFFD' : c);
            }
        }

        return line.ToString().TrimEnd(' ');
    }
}
