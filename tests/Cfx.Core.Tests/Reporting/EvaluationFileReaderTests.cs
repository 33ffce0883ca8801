using System.Globalization;
using System.Text;
using Cfx.Core.Evaluation;
using Cfx.Core.Reporting;

namespace Cfx.Core.Tests.Reporting;

public sealed class EvaluationFileReaderTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(10)]
    [TestCase(65_000)]
    [TestCase(200_000)]
    public async Task Rows_of_any_size_come_whole_wherever_the_buffer_ends(int size)
    {
        var text = new StringBuilder("""{"other":[1,{"a":null}],"metadata":{"provider":"p"},"evaluations":[""");
        for (var i = 0; i < 30; i++)
        {
            text.Append(i == 0 ? "" : ",\n").Append(CultureInfo.InvariantCulture, $$"""{"item_id":"i{{i}}","conversation_id":"c","text":"{{new string('ü', size + i)}}","outcome":"win"}""");
        }

        var reader = new EvaluationFileReader(_folder.Write("e.json", text.Append("],\"after\":true}").ToString()));
        var rows = await reader.ReadAsync(default).ToListAsync();

        Assert.That(rows.Select(r => r.ItemId), Is.EqualTo(Enumerable.Range(0, 30).Select(i => $"i{i}")));
        Assert.That((string)reader.Metadata!["provider"]!, Is.EqualTo("p"));
    }

    [Test]
    public async Task A_hundred_thousand_rows_are_read_in_flat_memory()
    {
        var path = _folder["big.json"];
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteAsync("{\"metadata\":{},\"evaluations\":[");
            for (var i = 0; i < 100_000; i++)
            {
                await writer.WriteAsync($$"""{{(i == 0 ? "" : ",")}}{"item_id":"i{{i}}","conversation_id":"c{{i}}","context":[{"role":"user","content":"some question of ordinary length"}],"outcome":"tie","tie_kind":"flip_first"}""");
            }

            await writer.WriteAsync("]}");
        }

        // What is still held while reading, not what was allocated and let go.
        long count = 0, most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var row in new EvaluationFileReader(path).ReadAsync(default))
        {
            Assert.That(row.Outcome.TieKind, Is.EqualTo(TieKind.FlipFirst));
            if (++count % 25_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.That(count, Is.EqualTo(100_000));
        Assert.That(most, Is.LessThan(4_000_000));
    }

    [TestCase("[]", "not a JSON object")]
    [TestCase("", "")]
    [TestCase("{\"metadata\":{},\"evaluations\":[{\"item_id\":\"a\"", "")]
    [TestCase("{\"metadata\":{},\"evaluations\":[{\"item_id\":\"a\"}]}", "row 1")]
    [TestCase("{\"metadata\":{},\"evaluations\":[{\"item_id\":\"a\",\"conversation_id\":\"a\",\"outcome\":\"tie\"}]}", "tie_kind")]
    [TestCase("{\"metadata\":{},\"evaluations\":[1]}", "row 1")]
    [TestCase("{\"metadata\":{} \"evaluations\":[]}", "")]
    public void A_broken_file_is_one_line_that_names_it(string text, string what)
    {
        var path = _folder.Write("e.json", text);

        Assert.That(
            async () => await new EvaluationFileReader(path).ReadAsync(default).CountAsync(),
            Throws.TypeOf<MisuseException>().With.Message.Contains(path).And.Message.Contains(what).And.Message.Not.Contains("\n"));
    }

    [Test]
    public void A_missing_file_says_which_target_makes_it() =>
        Assert.That(
            async () => await new EvaluationFileReader(_folder["none.json"]).ReadAsync(default).CountAsync(),
            Throws.TypeOf<MisuseException>().With.Message.Contains("none.json").And.Message.Contains("Evaluate"));
}
