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
        Assert.That(CsvText.Read(CsvText.Line("id", cell)).Single()[1].Text, Is.EqualTo("'" + cell));

    [Test]
    public void Any_cells_come_back_as_they_were_but_for_the_apostrophe() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<NonNull<string>>>(), cells =>
        {
            string[] texts = ["x", .. cells.Get.Select(c => c.Get.TrimStart('=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20'))];
            var read = CsvText.Read("\uFEFFa,b\r\n" + CsvText.Line(texts) + CsvText.Line("y", "z")).ToList();
            return read.Count == 3 && read[1].Select(c => c.Text).SequenceEqual(texts) && read[2][1].Text == "z";
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

    [TestCase("a,\"b", "line 1: a quoted cell does not end")]
    [TestCase("a\n\"b\"c", "line 2: text after a closing quote")]
    public void What_is_no_csv_is_told_by_line(string text, string message) =>
        Assert.That(() => CsvText.Read(text).ToList(), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
}
