using System.Text;

namespace Cfx.Core.Reporting.Html;

/// <summary>Text as it stands in a page: whatever it holds, a browser shows it and runs none of it.</summary>
internal static class HtmlText
{
    // HTML cannot carry these two; the signs that stand for them can be seen.
    private const char SymbolForNull = '\u2400';
    private const char Replacement = '\uFFFD';

    /// <summary>Appends text so that a parser gives it back unchanged, between tags as in a quoted attribute. Only NUL and lone surrogates, which
    /// no page can hold, come back as U+2400 and U+FFFD.</summary>
    public static void Append(StringBuilder page, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&':
                    page.Append("&amp;");
                    break;
                case '<':
                    page.Append("&lt;");
                    break;
                case '>':
                    page.Append("&gt;");
                    break;
                case '"':
                    page.Append("&quot;");
                    break;
                case '\'':
                    page.Append("&#39;");
                    break;
                case '\r':
                    // A parser turns a bare one into a line feed.
                    page.Append("&#13;");
                    break;
                case '\0':
                    page.Append(SymbolForNull);
                    break;
                case var _ when char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    page.Append(c).Append(text[++i]);
                    break;
                default:
                    page.Append(char.IsSurrogate(c) ? Replacement : c);
                    break;
            }
        }
    }
}
