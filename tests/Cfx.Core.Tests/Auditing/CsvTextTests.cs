using Cfx.Core.Auditing;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Auditing;

public sealed class CsvTextTests
{
    [TestCase("=1+1")]
    [TestCase("+49 30")]
    [TestCase("-2")]
    [TestCase("@SUM(A1)")]
    [TestCase("\t=1")]
    [TestCase("\r\n=1")]
    [TestCase("\uFF1DHYPERLINK(\"http://x\")")]
    public void What_a_spreadsheet_takes_for_a_formula_is_defused(string cell) =>
        Assert.That(CsvText.Read(CsvText.Line("id", cell)).Single()[1].Text.Replace("\u200B", "", StringComparison.Ordinal), Is.EqualTo("'" + cell));

    [TestCase("hello;=HYPERLINK(\"http://x\")")]
    [TestCase("hello; \"=1+1")]
    [TestCase("one\n=1+1")]
    [TestCase("one\r\n  +1")]
    [TestCase("one\t@SUM(A1)")]
    [TestCase("one;\uFF1D1")]
    [TestCase("=1;=2\n-3")]
    [TestCase(";=1")]
    [TestCase(" =1")]
    public void No_formula_stands_at_the_beginning_of_a_piece_when_a_line_is_cut_at_semicolons_or_line_ends_without_regard_to_quotes(string text)
    {
        var line = CsvText.Line("p1", text, "x");
        foreach (var piece in line.Split(';', '\t', '\r', '\n'))
        {
            Assert.That(piece.Replace("p1,\"", "", StringComparison.Ordinal).TrimStart(' ', '"'), Is.Empty.Or.Not.Match("^[=+@\uFF1D\uFF0B\uFF20-]"), line);
        }
    }

    [Test]
    public void No_text_gives_a_formula_however_its_line_is_cut() =>
        Prop.ForAll(Gen.Elements("=", "+", "-", "@", ";", "\t", "\r", "\n", "\"", "'", " ", "a", ",", "\uFF1D").ListOf().Select(p => string.Concat(p)).ToArbitrary(), text =>
            CsvText.Line("p1", text, "x").Split(';', '\t', '\r', '\n').All(p => p.TrimStart(' ', '"', '\'') is var piece && (piece.Length == 0 || !"=+-@\uFF1D".Contains(piece[0], StringComparison.Ordinal) || p.TrimStart(' ', '"').StartsWith('\''))))
        .QuickCheckThrowOnFailure();

    [TestCase("=1+1\r\n- two;=3")]
    [TestCase("plain")]
    [TestCase("it's")]
    public void A_text_that_went_through_a_sheet_is_known_again(string text)
    {
        var cell = CsvText.Read(CsvText.Line("id", text)).Single()[1].Text;

        Assert.That(CsvText.Normal(cell), Is.EqualTo(CsvText.Normal(text)));
        Assert.That(CsvText.Normal(cell.TrimStart('\'').ReplaceLineEndings("\n")), Is.EqualTo(CsvText.Normal(text)));
        Assert.That(CsvText.Normal(cell + " more"), Is.Not.EqualTo(CsvText.Normal(text)));
    }

    [Test]
    public void Any_cells_come_back_as_they_were_but_for_the_marks_against_formulas() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<NonNull<string>>>(), cells =>
        {
            string[] texts = ["x", .. cells.Get.Select(c => c.Get.TrimStart('=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20'))];
            var read = CsvText.Read("\uFEFFa,b\r\n" + CsvText.Line(texts) + CsvText.Line("y", "z")).ToList();
            return read.Count == 3 && read[1].Select(c => c.Text.Replace("\u200B", "", StringComparison.Ordinal)).SequenceEqual(texts.Select(t => t.Replace("\u200B", "", StringComparison.Ordinal))) && read[2][1].Text == "z";
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Lines_are_counted_through_cells_that_hold_line_ends()
    {
        var read = CsvText.Read("id,v\r\np1,\"a\r\nb\nc\"\r\n\r\np2,x\n").ToList();

        Assert.That(read.Select(r => (r[0].Text, r[1].Line)), Is.EqualTo(new[] { ("id", 1), ("p1", 2), ("p2", 6) }));
    }

    [Test]
    public void The_semicolons_of_some_countries_spreadsheets_are_read_too() =>
        Assert.That(CsvText.Read("id;verdict\np1;A\np2;\n").Select(r => string.Join('|', r.Select(c => c.Text))), Is.EqualTo(new[] { "id|verdict", "p1|A", "p2|" }));

    [TestCase("a,b", ExpectedResult = "\"a,b\"")]
    [TestCase("say \"a\"", ExpectedResult = "\"say \"\"a\"\"\"")]
    [TestCase("two\nlines", ExpectedResult = "\"two\nlines\"")]
    [TestCase("plain - text", ExpectedResult = "\"plain - text\"")]
    [TestCase("UR2", ExpectedResult = "UR2")]
    [TestCase("", ExpectedResult = "")]
    [TestCase(null, ExpectedResult = "")]
    public string Every_text_that_is_no_plain_word_is_quoted(string? text) => CsvText.Cell(text);

    [TestCase("a,\"b", "line 1: a quoted cell does not end")]
    [TestCase("a\n\"b\"c", "line 2: text after a closing quote")]
    public void What_is_no_csv_is_told_by_line(string text, string message) =>
        Assert.That(() => CsvText.Read(text).ToList(), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
}
