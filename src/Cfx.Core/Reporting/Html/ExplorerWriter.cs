using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Cfx.Core.Reporting.Html;

/// <summary>Puts the pairs into the page as data that the browser neither runs nor lays out. What the list and its filters need stands in small
/// blocks of JSON; the texts are compressed, some hundred pairs a block, and unpacked when they are looked at.</summary>
/// <remarks>Memory holds one block, however many pairs there are. How a text is packed is up to the runtime: the same texts may be other bytes with another.</remarks>
internal sealed class ExplorerWriter(Stream target)
{
    private const int BlockRows = 200;
    private const int BlockCharacters = 1 << 20;
    private const int SnippetLength = 110;

    private readonly StringBuilder _index = new();
    private readonly StringBuilder _texts = new();
    private int _rows;

    /// <summary>How many pairs were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one comparison's pairs.</summary>
    public async Task WriteAsync(int comparison, PairSource source, CancellationToken cancellationToken)
    {
        await foreach (var row in source.ReadAsync(cancellationToken))
        {
            Add(comparison, row);
            Count++;
            if (_rows >= BlockRows || _texts.Length >= BlockCharacters)
            {
                await FlushAsync(cancellationToken);
            }
        }

        await FlushAsync(cancellationToken);
        var arms = new StringBuilder("[");
        PageJson.Append(arms, source.Model1);
        arms.Append(',');
        PageJson.Append(arms, source.Model2);
        await BlockAsync("application/json", "arms", arms.Append(']').ToString(), cancellationToken);
    }

    private static void List(StringBuilder json, params ReadOnlySpan<string?> texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            json.Append(i == 0 ? "" : ",");
            PageJson.Append(json, texts[i]);
        }
    }

    private void Add(int comparison, JudgedRow row)
    {
        _index.Append(_rows == 0 ? "[" : ",").Append('[').Append(comparison.ToString(CultureInfo.InvariantCulture)).Append(',');
        List(_index, row.ItemId, row.Category, Letter(row.Outcome), row.Kind, Snippet(row));
        _index.Append(']');

        _texts.Append(_rows == 0 ? "[" : ",").Append("[[");
        for (var i = 0; i < row.Context.Count; i++)
        {
            _texts.Append(i == 0 ? "[" : ",[");
            List(_texts, row.Context[i].Role, row.Context[i].Content);
            _texts.Append(']');
        }

        _texts.Append("],");
        List(_texts, row.Answer1, row.Answer2);
        _texts.Append(",[");
        for (var i = 0; i < row.Judgments.Count; i++)
        {
            var j = row.Judgments[i];
            _texts.Append(i == 0 ? "[" : ",[").Append(j.SlotA.ToString(CultureInfo.InvariantCulture)).Append(',');
            List(_texts, j.Verdict, j.Text, j.Judge, j.Reason);
            _texts.Append(']');
        }

        _texts.Append("],");
        List(_texts, row.Reason, row.ConversationId);
        _texts.Append(']');
        _rows++;
    }

    private static string Letter(string outcome) => outcome switch { "win" => "w", "tie" => "t", "loss" => "l", _ => "i" };

    private static string Snippet(JudgedRow row)
    {
        var text = row.Context.Count > 0 ? row.Context[^1].Content : string.Empty;
        if (text.Length <= SnippetLength)
        {
            return text;
        }

        // Half a character would be no text.
        var length = char.IsHighSurrogate(text[SnippetLength - 1]) ? SnippetLength - 1 : SnippetLength;
        return text[..length] + "…";
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows == 0)
        {
            return;
        }

        await BlockAsync("application/json", "index", _index.Append(']').ToString(), cancellationToken);
        await BlockAsync("text/plain", "texts", Convert.ToBase64String(Compress(_texts.Append(']').ToString())), cancellationToken);
        _index.Clear();
        _texts.Clear();
        _rows = 0;
    }

    private static byte[] Compress(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    // The type is no script's, so a browser keeps the block as text.
    private async Task BlockAsync(string type, string kind, string text, CancellationToken cancellationToken) =>
        await target.WriteAsync(Encoding.UTF8.GetBytes($"<script type=\"{type}\" data-cfx=\"{kind}\">{text}</script>\n"), cancellationToken);
}
