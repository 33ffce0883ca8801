using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>JSON that may stand in a page's data block, and strings exactly as a file holds them: lone surrogates too, which the usual writers
/// refuse.</summary>
internal static class PageJson
{
    /// <summary>Appends a JSON string without a character that could end a data block, break a script's line or turn the direction of the source.</summary>
    public static void Append(StringBuilder json, string? text)
    {
        if (text is null)
        {
            json.Append("null");
            return;
        }

        json.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
            {
                json.Append('\\').Append(c);
            }
            else if (c == '\n')
            {
                json.Append("\\n");
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                json.Append(c).Append(text[++i]);
            }
            else if (IsEscaped(c))
            {
                json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                json.Append(c);
            }
        }

        json.Append('"');
    }

    /// <summary>A field's text; null when it is no string. Unlike the library's own, it reads a lone surrogate as what it is.</summary>
    public static string? Text(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            return value.TryGetValue<JsonElement>(out var element) ? Unescape(element.GetRawText().AsSpan()[1..^1]) : null;
        }
    }

    private static bool IsEscaped(char c) => c is '<' or '>' or '&' or '\u061C' or '\uFEFF' or >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069'
        or '\u200E' or '\u200F' or '\uFFFE' or '\uFFFF' || char.IsControl(c) || char.IsSurrogate(c);

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)int.Parse(raw.Slice(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }

        return text.ToString();
    }
}
