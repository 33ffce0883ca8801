using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Reporting.Html;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Reporting.Html;

public sealed class EscapingTests
{
    private static readonly SearchValues<char> InMarkup = SearchValues.Create("<>\"'\r\0");
    private static readonly SearchValues<char> InBlocks = SearchValues.Create("<>&\u2028\u2029\u202E\0\n\r");

    // Any 16 bits, whole characters or not.
    private static readonly Arbitrary<string> Anything = Gen.OneOf(Gen.Choose(0, 0xFFFF).Select(c => (char)c), Gen.Elements("<>&\"'/!-\\\r\n\0\u2028\u202E\uD83D\uDE00".ToCharArray()))
        .ListOf().Select(c => new string([.. c])).ToArbitrary();

    [Test]
    public void A_pages_text_decodes_to_what_it_was_and_holds_no_markup() => Prop.ForAll(Anything, text =>
    {
        var page = new StringBuilder();
        HtmlText.Append(page, text);

        var escaped = page.ToString();
        Assert.That(escaped.AsSpan().IndexOfAny(InMarkup), Is.EqualTo(-1));
        Assert.That(WebUtility.HtmlDecode(escaped), Is.EqualTo(Shown(text)));
        Assert.That(Encoding.UTF8.GetString(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(escaped)), Is.EqualTo(escaped), "it can be written to a file");
    }).QuickCheckThrowOnFailure();

    [Test]
    public void A_data_blocks_text_reads_back_exactly_and_cannot_end_the_block() => Prop.ForAll(Anything, text =>
    {
        var json = new StringBuilder();
        PageJson.Append(json, text);

        var block = json.ToString();
        Assert.That(block.AsSpan().IndexOfAny(InBlocks), Is.EqualTo(-1));
        Assert.That(PageJson.Text(JsonNode.Parse(block)), Is.EqualTo(text));
    }).QuickCheckThrowOnFailure();

    private static string Shown(string text) => string.Concat(text.Select((c, i) =>
        c == '\0' ? '\u2400'
        : char.IsHighSurrogate(c) && !(i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) ? '\uFFFD'
        : char.IsLowSurrogate(c) && !(i > 0 && char.IsHighSurrogate(text[i - 1])) ? '\uFFFD'
        : c));
}
