using System.Text.RegularExpressions;
using Cfx.Core.Reporting;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Reporting;

public sealed partial class MarkdownTextTests
{
    private static readonly Arbitrary<string> Hostile = Gen.OneOf(
            Gen.Elements("# ", "@team", "#12", "![", "](", "https://x", "www.x", "```", "\r\n", "\u2028", "- ", "1. ", "&copy;", "<b>", ":tada:", "GH-1", "!5", "a", " ", "\\", "|"),
            Gen.Choose(1, 0x2FF).Select(c => ((char)c).ToString()))
        .ListOf().Select(c => string.Concat(c)).ToArbitrary();

    [TestCase("a_b and *c*", "a\\_b and \\*c\\*")]
    [TestCase("[x](https://e.org) ![y](z)", "\\[x\\](https:&#8203;//e.org) \\!\\[y\\](z)")]
    [TestCase("@octocat, see #12 and GH-12", "\\@&#8203;octocat, see \\#&#8203;12 and GH-&#8203;12")]
    [TestCase("www.example.org", "www&#8203;.example.org")]
    [TestCase("# one\r\n\r\n## two\u2028three", "\\# one \\#\\# two three")]
    [TestCase("    code", "code")]
    [TestCase("- x", "\\- x")]
    [TestCase("12. x", "12\\. x")]
    [TestCase("-0.5", "-0.5")]
    [TestCase("> x", "&gt; x")]
    [TestCase("<img src=x> &lt; `c` $x$ ~~y~~ \\ |", "&lt;img src=x&gt; &amp;&#8203;lt; \\`c\\` \\$&#8203;x\\$ \\~\\~&#8203;y\\~\\~ \\\\ \\|")]
    [TestCase("a\u202Eb", "a\uFFFDb")]
    [TestCase("0.532 (95 % interval), p = 0.03; so-called", "0.532 (95 % interval), p = 0.03; so-called")]
    public void A_text_shows_as_it_is(string text, string markdown) => Assert.That(MarkdownText.Escape(text), Is.EqualTo(markdown));

    [Test]
    public void No_text_becomes_markup_a_link_a_mention_or_a_reference() => Prop.ForAll(Hostile, text =>
    {
        var escaped = MarkdownText.Escape(text);
        Assert.That(escaped.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u0085'), Is.False, "it is one line");

        // What backslashes and entities do not take away is all that is left to be read as markup.
        var bare = Taken().Replace(escaped, "");
        Assert.That(bare, Does.Not.Match(@"[\\`*_\[\]|~$!#@<>&]"));
        Assert.That(escaped, Does.Not.Match(@"^(?:[-+=](?!\d)|\d+[.)](?: |$))"));
        Assert.That(Shown(escaped), Does.Not.Match(@"[@#!][\p{L}\p{Nd}]|://|www\.|:\p{L}").IgnoreCase);
    }).QuickCheckThrowOnFailure();

    [TestCase("a`b", "`a'b`")]
    [TestCase("a\n\n# b", "`a # b`")]
    [TestCase("", "`?`")]
    [TestCase(null, "`?`")]
    public void A_code_span_ends_where_its_text_does(string? text, string markdown) => Assert.That(MarkdownText.Code(text), Is.EqualTo(markdown));

    [GeneratedRegex(@"\\[!-/:-@\[-`{-~]|&(?:amp|lt|gt|#8203);")]
    private static partial Regex Taken();

    [GeneratedRegex(@"\\([!-/:-@\[-`{-~])")]
    private static partial Regex Escaped();

    private static string Shown(string markdown) => System.Net.WebUtility.HtmlDecode(Escaped().Replace(markdown, "$1"));
}
