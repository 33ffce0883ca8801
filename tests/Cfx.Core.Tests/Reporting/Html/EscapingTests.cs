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

    [TestCase("=1+1", ExpectedResult = "'=1+1")]
    [TestCase("+1", ExpectedResult = "'+1")]
    [TestCase("-1", ExpectedResult = "'-1")]
    [TestCase("@SUM(A1)", ExpectedResult = "'@SUM(A1)")]
    [TestCase("\tx", ExpectedResult = "'\tx")]
    [TestCase("\r=x", ExpectedResult = "\"'\r=x\"")]
    [TestCase("a,b", ExpectedResult = "\"a,b\"")]
    [TestCase("say \"a\"", ExpectedResult = "\"say \"\"a\"\"\"")]
    [TestCase("two\nlines", ExpectedResult = "\"two\nlines\"")]
    [TestCase("plain - text", ExpectedResult = "plain - text")]
    [TestCase("", ExpectedResult = "")]
    public string A_cell_is_quoted_where_it_must_be_and_is_no_formula(string text) => ComparisonsCsv.Cell(text);

    [Test]
    public void Every_cell_reads_back_from_its_line() => Prop.ForAll(Anything, Anything, (first, second) =>
    {
        var cells = CsvLine.Read(ComparisonsCsv.Cell(first) + "," + ComparisonsCsv.Cell(second) + "\r\n");

        Assert.That(cells.Select(Bare), Is.EqualTo(new[] { first, second }.Select(Bare)));
        Assert.That(cells.Where(c => c.Length > 0 && "=+-@\t\r\n".Contains(c[0], StringComparison.Ordinal)), Is.Empty);
    }).QuickCheckThrowOnFailure();

    // The apostrophe that makes a formula harmless.
    private static string Bare(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;

    private static string Shown(string text) => string.Concat(text.Select((c, i) =>
        c == '\0' ? '\u2400'
        : char.IsHighSurrogate(c) && !(i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) ? '\uFFFD'
        : char.IsLowSurrogate(c) && !(i > 0 && char.IsHighSurrogate(text[i - 1])) ? '\uFFFD'
        : c));
}
