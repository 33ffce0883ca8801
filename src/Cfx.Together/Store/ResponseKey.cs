using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cfx.Core.Generation;

namespace Cfx.Together.Store;

/// <summary>Says which requests are the same question to the same model: those with equal keys.</summary>
/// <remarks>The format is documented in docs/response-store.md. Another format needs another <see cref="Version"/>, and makes every stored
/// answer unreachable: paid answers would be bought again.</remarks>
public static class ResponseKey
{
    /// <summary>The version of the format, part of every key.</summary>
    public const int Version = 1;

    /// <summary>The request as JSON on one line: fixed property order, shortest numbers, and only those characters escaped that JSON demands,
    /// so that neither the machine's language nor the framework's version changes a byte.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static string Canonical(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var json = new StringBuilder("{\"model\":");
        AppendText(json, request.Model);
        json.Append(",\"messages\":[");
        for (var i = 0; i < request.Messages.Count; i++)
        {
            json.Append(i == 0 ? "{\"role\":" : ",{\"role\":");
            AppendText(json, request.Messages[i].Role);
            json.Append(",\"content\":");
            AppendText(json, request.Messages[i].Content);
            json.Append('}');
        }

        json.Append("],\"temperature\":").Append(Number(request.Temperature));
        json.Append(",\"top_p\":").Append(Number(request.TopP));
        json.Append(CultureInfo.InvariantCulture, $",\"max_tokens\":{request.MaxTokens}");
        json.Append(",\"seed\":").Append(request.Seed?.ToString(CultureInfo.InvariantCulture) ?? "null");
        return json.Append('}').ToString();
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    /// <param name="server">Who answers: two servers with one model name must differ here.</param>
    /// <param name="modelIdentity">Tells models that had the same name one after another apart; null for a model that stands for itself.</param>
    /// <param name="canonicalRequest">What <see cref="Canonical"/> made.</param>
    public static string Of(string server, string? modelIdentity, string canonicalRequest)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"cfx-response {Version}\nserver {Line(server)}\nmodel {(modelIdentity is null ? "-" : "=" + Line(modelIdentity))}\nrequest {canonicalRequest}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Line(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => double.IsFinite(value)
        // Minus zero means zero.
        ? (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture)
        : throw new ArgumentException($"A request's number is {value.ToString(CultureInfo.InvariantCulture)}; it must be finite.", nameof(value));

    private static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
            {
                json.Append('\\').Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                json.Append(c).Append(text[++i]);
            }
            else if (c < ' ' || char.IsSurrogate(c))
            {
                // Half a pair has no UTF-8: unescaped, all halves would become one replacement character and share a key.
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                json.Append(c);
            }
        }

        json.Append('"');
    }
}
