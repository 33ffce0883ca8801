using System.Text.Json.Nodes;
using Cfx.Core.Auditing;

namespace Cfx.Core.Tests.Auditing;

public sealed class BlindSheetTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Write("feedback", "base", 30);
        Write("alternative", "base", 30);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task The_sheet_hides_the_arms_mixes_slots_and_comparisons_and_is_the_same_each_time()
    {
        var count = await WriteAsync(40);
        var sheet = await File.ReadAllTextAsync(_folder["blind.csv"]);
        var rows = CsvText.Read(sheet).Skip(1).ToList();
        var key = Key();

        Assert.That(count, Is.EqualTo(40));
        Assert.That(sheet, Does.Not.Contain("feedback").And.Not.Contain("alternative").And.Not.Contain("base").And.Not.Contain("judge"));
        Assert.That(rows.Select(r => r[4].Text), Is.All.Empty);
        Assert.That(key.Count(k => (string)k["a"]! == "model1"), Is.InRange(10, 30), "neither arm always stands first");
        Assert.That(key.Take(20).Select(k => (string)k["model1"]!).Distinct().Count(), Is.EqualTo(2), "comparisons are mixed");
        foreach (var (row, pair) in rows.Zip(key))
        {
            var shown = (string)pair["a"]! == "model1" ? ("one", "two") : ("two", "one");
            Assert.That((row[0].Text, row[2].Text.Split(' ')[0], row[3].Text.Split(' ')[0]), Is.EqualTo(((string)pair["id"]!, shown.Item1, shown.Item2)));
        }

        await WriteAsync(40);
        Assert.That(await File.ReadAllTextAsync(_folder["blind.csv"]), Is.EqualTo(sheet));
    }

    [Test]
    public async Task Peoples_verdicts_come_back_to_the_right_arms_whatever_the_order()
    {
        await WriteAsync(60);
        // People always prefer what the judge preferred, and say so in their own way of writing; two rows are left open.
        Fill((i, pair) => i < 2 ? "" : (string?)pair["judge"] switch
        {
            "tie" => "Tie",
            var winner => winner == (string?)pair["a"] ? " a " : "B",
        });
        var (agreement, judged, stale, areTextsChecked) = await ReadAsync();
        var json = _folder.Json("blind.json");

        Assert.That((judged, (int)json["not_judged"]!), Is.EqualTo((58, 2)));
        Assert.That((stale.Count, areTextsChecked, json["warnings"]!.AsArray().Count), Is.EqualTo((0, true, 0)));
        Assert.That(agreement.Kappa.Kappa, Is.EqualTo(1).Within(1e-12));
        Assert.That((double)json["agreement"]!["agreement"]!, Is.EqualTo(1));
        Assert.That(json["comparisons"]!.AsArray().Select(c => (string)c!["model1"]!).Order(), Is.EqualTo(new[] { "alternative", "feedback" }));
    }

    [Test]
    public async Task Without_verdicts_it_says_so_and_gives_no_number()
    {
        await WriteAsync(5);
        await ReadAsync();

        Assert.That((string)_folder.Json("blind.json")["note"]!, Is.EqualTo("no human labels"));
        foreach (var figure in new[] { "agreement", "matrix", "first_slot" })
        {
            Assert.That(_folder.Json("blind.json")[figure], Is.Null, figure);
        }

        Assert.That(_folder.Json("blind.json")["comparisons"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Cells_that_are_no_verdict_are_told_by_line_and_nothing_is_written()
    {
        await WriteAsync(4);
        Fill((i, _) => i == 1 ? "better" : "A");
        var lines = await File.ReadAllTextAsync(_folder["blind.csv"]);
        File.WriteAllText(_folder["blind.csv"], lines + "p9999,x,y,z,A\r\n" + CsvText.Line(CsvText.Read(lines).ElementAt(1).Select(c => c.Text)));
        var at = CsvText.Read(lines).ElementAt(2)[4].Line;

        Assert.That(
            async () => await ReadAsync(),
            Throws.TypeOf<MisuseException>().With.Message.Contains($"line {at}: 'better' is none of A, B and TIE").And.Message.Contains("'p9999' is not in the key").And.Message.Contains("'p0001' stands there a second time"));
        Assert.That(_folder["blind.json"], Does.Not.Exist);
    }

    [Test]
    public async Task A_sheet_with_verdicts_is_not_written_over()
    {
        await WriteAsync(4);
        Fill((i, _) => i == 0 ? "A" : "");
        var before = await File.ReadAllTextAsync(_folder["blind.csv"]);

        Assert.That(async () => await WriteAsync(10), Throws.TypeOf<MisuseException>().With.Message.Contains("1 verdicts"));
        Assert.That(await File.ReadAllTextAsync(_folder["blind.csv"]), Is.EqualTo(before));
    }

    [Test]
    public async Task A_sheet_whose_key_was_made_anew_from_other_pairs_is_refused_row_by_row()
    {
        await WriteAsync(4);
        Fill((_, _) => "A");
        File.Move(_folder["blind.csv"], _folder["mine.csv"]);
        Write("feedback", "base", 30, "another question");
        Write("alternative", "base", 30, "another question");
        await WriteAsync(4);
        File.Move(_folder["mine.csv"], _folder["blind.csv"], overwrite: true);

        Assert.That(
            async () => await ReadAsync(),
            Throws.TypeOf<MisuseException>().With.Message.Contains("line 2: the texts of p0001 are not those of the key").And.Message.Contains("p0004"));
        Assert.That(_folder["blind.json"], Does.Not.Exist);
    }

    [Test]
    public async Task Exchanged_answers_are_told_by_row()
    {
        await WriteAsync(4);
        Edit((i, row) => i == 2 ? [row[0], row[1], row[3], row[2], "A"] : row);

        Assert.That(async () => await ReadAsync(), Throws.TypeOf<MisuseException>().With.Message.Contains("the texts of p0003 are not").And.Message.Not.Contains("p0002"));
    }

    [TestCase(';', "\uFEFF", "\r\n", true, false)]
    [TestCase(';', "", "\n", true, false)]
    [TestCase(',', "\uFEFF", "\r", false, false)]
    [TestCase('\t', "", "\r\n", false, true)]
    public async Task A_sheet_that_a_spreadsheet_saved_in_its_own_way_is_read(char separator, string mark, string ends, bool dropsApostrophes, bool losesSigns)
    {
        await WriteAsync(20);
        Edit((i, row) => [.. row.Take(4).Select(c =>
        {
            var text = dropsApostrophes ? c.TrimStart('\'').Replace("\u200B", "", StringComparison.Ordinal) : c;
            return losesSigns ? string.Concat(text.Select(s => s < 128 ? s : '?')) : text;
        }), i % 2 == 0 ? "a" : ""]);
        var rows = CsvText.Read(await File.ReadAllTextAsync(_folder["blind.csv"])).Select(r => string.Join(
            separator, r.Select(c => $"\"{c.Text.ReplaceLineEndings(ends).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        await File.WriteAllTextAsync(_folder["blind.csv"], mark + string.Join("\r\n", rows));

        Assert.That((await ReadAsync()).Judged, Is.EqualTo(10));
    }

    [Test]
    public async Task Evaluations_that_changed_since_the_sheet_was_made_are_named()
    {
        await WriteAsync(4);
        Fill((_, _) => "A");
        File.AppendAllText(_folder["feedback_vs_base.json"], " ");

        Assert.That((await ReadAsync()).Stale, Is.EqualTo(new[] { "feedback_vs_base.json" }));
        Assert.That((string)_folder.Json("blind.json")["warnings"]![0]!, Does.Contain("feedback_vs_base.json"));
        Assert.That((string?)_folder.Json("blind.json")["evaluations"]!["feedback_vs_base.json"], Has.Length.EqualTo(64));
    }

    [Test]
    public async Task A_key_of_an_earlier_version_is_read_and_said_to_tell_no_texts()
    {
        await WriteAsync(4);
        Fill((_, _) => "A");
        var key = _folder.Json("key.json");
        key.Remove("evaluations");
        foreach (var pair in key["pairs"]!.AsArray())
        {
            pair!.AsObject().Remove("texts_sha256");
            pair.AsObject().Remove("letters_sha256");
        }

        _folder.Write("key.json", key.ToJsonString());
        var reading = await ReadAsync();

        Assert.That((reading.Judged, reading.AreTextsChecked), Is.EqualTo((4, false)));
        Assert.That(reading.Warnings().Single(), Does.Contain("row ids alone"));
    }

    private Task<int> WriteAsync(int size) => BlindSheet.WriteAsync(
        Evaluations, size, 42, _folder["blind.csv"], _folder["key.json"], CancellationToken.None);

    private string[] Evaluations => [_folder["feedback_vs_base.json"], _folder["alternative_vs_base.json"]];

    private Task<BlindReading> ReadAsync() =>
        BlindVerdicts.ReadAsync(_folder["blind.csv"], _folder["key.json"], Evaluations, _folder["blind.json"], CancellationToken.None);

    private List<JsonObject> Key() => [.. _folder.Json("key.json")["pairs"]!.AsArray().Select(p => p!.AsObject())];

    private void Fill(Func<int, JsonObject, string> verdict)
    {
        var key = Key();
        Edit((i, row) => [.. row.Take(4), verdict(i, key[i])]);
    }

    private void Edit(Func<int, List<string>, List<string>> edit)
    {
        var rows = CsvText.Read(File.ReadAllText(_folder["blind.csv"])).Select(r => r.Select(c => c.Text).ToList()).ToList();
        File.WriteAllText(_folder["blind.csv"], string.Concat(rows.Select((r, i) => CsvText.Line(i == 0 ? r : edit(i - 1, r)))));
    }

    private void Write(string model1, string model2, int pairs, string question = "question") => _folder.Write($"{model1}_vs_{model2}.json", new JsonObject
    {
        ["metadata"] = new JsonObject { ["model1"] = new JsonObject { ["name"] = model1, ["model"] = "m" }, ["model2"] = new JsonObject { ["name"] = model2, ["model"] = "n" } },
        ["evaluations"] = new JsonArray([.. Enumerable.Range(0, pairs).Select(i => new JsonObject
        {
            ["item_id"] = $"i{i}",
            ["conversation_id"] = $"i{i}",
            ["context"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"={question} {i},\n\"quoted\";=1+1 \u00fcber" }),
            ["model1_response"] = $"one {i} is an answer 😀",
            ["model2_response"] = $"two {i}\nsecond line",
            ["judgments"] = new JsonArray(new JsonObject { ["order"] = "normal" }),
            ["outcome"] = "win",
            ["winner"] = (i % 3) switch { 0 => "model1", 1 => "model2", _ => "tie" },
        })]),
    }.ToJsonString());
}
