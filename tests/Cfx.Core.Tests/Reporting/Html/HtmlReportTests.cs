using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Cfx.Core.Reporting.Html;

namespace Cfx.Core.Tests.Reporting.Html;

public sealed partial class HtmlReportTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void A_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void It_is_removed() => _folder.Dispose();

    [Test]
    public async Task The_smallest_analysis_gives_the_smallest_page()
    {
        var page = Parse(await WriteAsync(new JsonObject { ["study"] = "s" }));

        Assert.That(page.Descendants("section"), Is.Empty);
        Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo("s"));
        Assert.That(page.Descendants("p").Select(p => p.Value), Has.Member("There is no comparison to report."));
    }

    [Test]
    public async Task A_section_is_there_when_its_data_is_there()
    {
        var analysis = Analysis();
        Assert.That(Sections(await WriteAsync(analysis)), Is.EqualTo(new[] { "comparisons", "provenance", "methods" }));

        analysis["warnings"] = new JsonArray("take care");
        analysis["flow"] = new JsonObject { ["Filter"] = new JsonObject { ["read"] = 10 } };
        analysis["davidson"] = new JsonObject { ["arms"] = new JsonArray("b", "a"), ["elo"] = new JsonArray(0, 12.5), ["ci"] = new JsonArray() };
        analysis["replicates"] = new JsonArray(new JsonObject { ["model1"] = "a", ["model2"] = "b", ["trainings"] = 2, ["win_rates"] = new JsonArray(0.5, 0.6), ["mean"] = 0.55, ["sd"] = 0.07 });
        var comparison = (JsonObject)analysis["comparisons"]![0]!;
        comparison["order_consistency"] = 0.7;
        comparison["lc"] = new JsonObject { ["status"] = "fitted", ["rate"] = 0.6 };
        comparison["mde"] = 0.05;
        comparison["subgroups"] = new JsonArray(new JsonObject { ["dimension"] = "category", ["groups"] = new JsonArray() });

        Assert.That(Sections(await WriteAsync(analysis)), Is.EqualTo(new[]
        {
            "comparisons", "cautions", "ratings", "replicates", "judge", "length", "robustness", "subgroups", "flow", "provenance", "methods",
        }));
    }

    [Test]
    public async Task A_study_whose_judge_was_held_against_nobody_says_so_in_a_line_each()
    {
        var analysis = Analysis();
        analysis["audit"] = null;
        analysis["human"] = null;

        var page = Parse(await WriteAsync(analysis));

        Assert.That(ById(page, "no-audit"), Does.Contain("not held against the users' own feedback").And.Contain("Audit"));
        Assert.That(ById(page, "no-people"), Does.Contain("no human labels").And.Contain("Blind"));
        Assert.That(page.Descendants("section").Single(s => (string?)s.Attribute("id") == "agreement").Descendants("table"), Is.Empty);
    }

    [Test]
    public async Task An_audit_of_another_state_of_the_study_is_marked_and_one_of_this_state_is_not()
    {
        var analysis = Analysis();
        analysis["audit"] = new JsonObject { ["matches_study"] = false, ["differences"] = new JsonArray("It was otherwise."), ["reading"] = "r" };
        Assert.That(ById(Parse(await WriteAsync(analysis)), "audit-mark"), Is.EqualTo("This audit is not of this study as it is now. It was otherwise. Run Audit again."));

        analysis["audit"]!["matches_study"] = true;
        Assert.That(await WriteAsync(analysis), Does.Not.Contain("audit-mark"));
    }

    [Test]
    public async Task A_single_judge_has_no_section_of_several()
    {
        var analysis = Analysis();
        analysis["comparisons"]![0]!["judges"] = null;
        Assert.That(Sections(await WriteAsync(analysis)), Has.None.EqualTo("judges"));

        analysis["comparisons"]![0]!["judges"] = new JsonObject { ["each"] = new JsonArray(new JsonObject { ["judge"] = "x" }, new JsonObject { ["judge"] = "y" }) };
        Assert.That(Sections(await WriteAsync(analysis)), Has.Some.EqualTo("judges"));
    }

    [Test]
    public async Task Overlap_is_counted_in_words_and_what_was_left_out_is_named()
    {
        var analysis = Analysis();
        analysis["leakage"] = new JsonObject
        {
            ["test_contexts"] = 200,
            ["overlapping"] = 1,
            ["near_duplicates"] = 3,
            ["allowed"] = false,
            ["left_out"] = new JsonArray("item-7"),
            ["with_overlap"] = new JsonArray(),
            ["marks"] = new JsonArray("a mark"),
        };

        var section = Parse(await WriteAsync(analysis)).Descendants("section").Single(s => (string?)s.Attribute("id") == "leakage");

        Assert.That(section.Descendants("tr").Skip(1).Select(r => string.Join('|', r.Elements().Select(c => c.Value))), Is.EqualTo(new[]
        {
            "all|200|100.0\u00A0%", "found in training: left out of the comparisons|1|0.5\u00A0%", "nearly repeat one that was trained on: kept|3|1.5\u00A0%",
        }));
        Assert.That(section.Value, Does.Contain("a mark").And.Contain("Left out: item-7").And.Not.Contain("left in"));
    }

    [Test]
    public async Task Of_several_judges_the_first_screen_names_all()
    {
        var analysis = Analysis();
        analysis["comparisons"]![0]!["judges"] = new JsonObject { ["each"] = new JsonArray(new JsonObject { ["judge"] = "x" }, new JsonObject { ["judge"] = "y" }) };

        Assert.That(Class(Parse(await WriteAsync(analysis)), "facts"), Does.Contain("Judgemajority of 2x, y; both orders of every pair"));
    }

    [Test]
    public async Task The_first_sentence_tells_what_came_out_with_its_numbers()
    {
        var page = Parse(await WriteAsync(Analysis()));

        Assert.That(ById(page, "answer"), Is.EqualTo("a answers better than b."));
        Assert.That(Class(page, "evidence"), Is.EqualTo("a won 61.0\u00A0% of 100 pairs with ties counting half (95 % interval 54.0 to 68.0\u00A0%; p\u00A0=\u00A00.0040 after Holm)."));
        Assert.That(Class(page, "aside"), Does.StartWith("One training run an arm"));
        Assert.That(Class(page, "facts"), Does.Contain("Costnot known"), "an unknown cost is not 0");
    }

    [Test]
    public async Task Without_a_p_value_the_sentence_claims_nothing()
    {
        var analysis = Analysis();
        analysis["comparisons"]![0]!["verdict"] = "partial: no p-value";
        analysis["comparisons"]![0]!["holm_p"] = null;

        var page = Parse(await WriteAsync(analysis));

        Assert.That(ById(page, "answer"), Is.EqualTo("a against b: partial: no p-value."));
        Assert.That(Class(page, "evidence"), Does.Not.Contain("Holm"));
    }

    [Test]
    public async Task Fewer_pairs_than_planned_are_told_with_the_evidence_so_far()
    {
        var analysis = Analysis();
        var comparison = (JsonObject)analysis["comparisons"]![0]!;
        comparison["verdict"] = "partial: no p-value";
        comparison["holm_p"] = null;
        comparison["partial"] = true;
        comparison["n_attempted"] = 101;
        comparison["n_planned"] = 300;
        comparison["e_value"] = new JsonObject { ["ln_e"] = 1.5, ["stopping_ln_e"] = 4.0943 };

        var page = Parse(await WriteAsync(analysis));

        Assert.That(Class(page, "evidence"), Does.EndWith("These are 101 of 300 planned pairs, so there is no p-value yet; the evidence so far is ln E = 1.50, and a study may stop early from 4.09 on."));
        Assert.That(Class(page, "facts"), Does.Contain("300 planned"));
    }

    [Test]
    public async Task Arms_that_were_shown_to_be_equal_are_called_so()
    {
        var analysis = Analysis();
        var comparison = (JsonObject)analysis["comparisons"]![0]!;
        comparison["verdict"] = "no significant difference";
        comparison["equivalence"] = new JsonObject { ["margin"] = 0.05, ["equivalent"] = true };

        var page = Parse(await WriteAsync(analysis));

        Assert.That(ById(page, "answer"), Is.EqualTo("a and b are equal to within 5 points of the win rate."));
        Assert.That(Class(page, "evidence"), Does.Not.Contain("missed").And.Not.Contain("does not say"));
    }

    [Test]
    public async Task A_controlled_rate_that_the_lengths_do_not_support_is_not_shown()
    {
        var analysis = Analysis();
        var comparison = (JsonObject)analysis["comparisons"]![0]!;
        comparison["lc"] = new JsonObject { ["status"] = "fitted", ["rate"] = 0.6735, ["ci95"] = new JsonArray(0.481, 0.821), ["unsupported"] = "too_few_pairs" };

        var text = Parse(await WriteAsync(analysis)).Descendants("section").Single(s => (string?)s.Attribute("id") == "length").Value;

        Assert.That(text, Does.Contain("unsupported: too few pairs").And.Not.Contain("67.").And.Not.Contain("82.1"));
    }

    [Test]
    public async Task Pairs_that_were_judged_in_one_order_are_not_said_to_have_been_judged_in_both()
    {
        var analysis = Analysis();
        ((JsonObject)analysis["comparisons"]![0]!)["position"] = new JsonObject { ["orders"] = 1, ["first_slot_bias"] = 0.1 };

        var page = await WriteAsync(analysis);

        Assert.That(page, Does.Contain("one order of every pair").And.Not.Contain("both orders of every pair").And.Not.Contain("judged in both orders"));
    }

    [Test]
    public async Task Pairs_of_a_file_that_names_its_models_in_its_name_stand_as_the_analysis_turned_them()
    {
        var path = _folder.Write("b_vs_a.json", """
            {"metadata": {}, "evaluations": [{"conversation_id": "c1", "status": "success", "context": "hi", "model1_response": "of b", "model2_response": "of a", "judgment": "A", "order": "normal"}]}
            """);
        var csv = _folder["comparisons.csv"];
        await ComparisonsCsv.WriteAsync(Options(Analysis(), path), csv, CancellationToken.None);

        var row = CsvLine.Read(await File.ReadAllTextAsync(csv))[18..];

        Assert.That((row[0], row[6], row[7], row[12], row[13]), Is.EqualTo(("a vs b", "loss", "b", "of a", "of b")));
    }

    [Test]
    public async Task The_page_may_run_its_own_script_and_style_and_nothing_else()
    {
        var text = await WriteAsync(Analysis());

        var policy = Parse(text).Descendants("meta").Single(m => (string?)m.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
        var style = Hash(StyleBlock().Match(text).Groups[1].Value);
        var script = Hash(ScriptBlock().Match(text).Groups[1].Value);
        Assert.That(policy, Is.EqualTo($"default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'"));
        Assert.That(text, Does.Not.Contain("http://").And.Not.Contain("https://").And.Not.Contain("style="));
    }

    [Test]
    public async Task The_same_study_gives_the_same_bytes()
    {
        var first = await WriteAsync(Analysis(), Evaluation(3));

        Assert.That(await WriteAsync(Analysis(), Evaluation(3)), Is.EqualTo(first));
    }

    [Test]
    public async Task The_table_has_every_pair_with_the_arms_as_the_report_names_them()
    {
        var path = _folder["comparisons.csv"];
        await ComparisonsCsv.WriteAsync(Options(Analysis(), Evaluation(2)), path, CancellationToken.None);

        var cells = CsvLine.Read(await File.ReadAllTextAsync(path));

        Assert.That((await File.ReadAllBytesAsync(path)).Take(3), Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }), "without the mark spreadsheets garble it");
        Assert.That(cells[..18], Is.EqualTo(
            "comparison,model1,model2,item_id,conversation_id,category,outcome,winner,tie_kind,incomplete_cause,reason,context,model1_response,model2_response,verdict_model1_first,judge_model1_first,verdict_model2_first,judge_model2_first".Split(',')));

        // The file has b first and b lost: here a is first and won.
        Assert.That(cells[18..36], Is.EqualTo(new[]
        {
            "a vs b", "a", "b", "i0", "c0", "UR2", "win", "a", "", "", "", "user: question, \"0\"", "answer of a", "answer of b", "A", "judged second", "B", "judged first",
        }));
        Assert.That(cells, Has.Count.EqualTo(3 * 18));
    }

    [Test]
    public void A_broken_evaluation_file_is_named_and_no_page_appears()
    {
        File.WriteAllText(_folder["broken.json"], "{\"metadata\": {}, \"evaluations\": [{");

        Assert.That(() => WriteAsync(Analysis(), _folder["broken.json"]), Throws.TypeOf<MisuseException>().With.Message.Contains("broken.json"));
        Assert.That(File.Exists(_folder["report.html"]), Is.False);
    }

    private static JsonObject Analysis() => new()
    {
        ["study"] = "s",
        ["providers"] = new JsonArray("together"),
        ["comparisons"] = new JsonArray(new JsonObject
        {
            ["model1"] = "a",
            ["model2"] = "b",
            ["verdict"] = "better",
            ["n"] = 100,
            ["h"] = 0.61,
            ["ci95"] = new JsonArray(0.54, 0.68),
            ["holm_p"] = 0.004,
        }),
    };

    private static XDocument Parse(string page)
    {
        // Well-formed but for the two texts that are not markup.
        var markup = ScriptBlock().Replace(StyleBlock().Replace(page, string.Empty), string.Empty);
        using var reader = XmlReader.Create(new StringReader(markup), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, CheckCharacters = false });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static IEnumerable<string> Sections(string page) => Parse(page).Descendants("section").Select(s => s.Attribute("id")!.Value);

    private static string ById(XDocument page, string id) => page.Descendants().Single(e => (string?)e.Attribute("id") == id).Value;

    private static string Class(XDocument page, string name) => page.Descendants().First(e => (string?)e.Attribute("class") == name).Value;

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private HtmlReportOptions Options(JsonObject analysis, params string[] evaluations) =>
        new() { Analysis = analysis, EvaluationPaths = evaluations, ReportPath = _folder["report.html"] };

    private async Task<string> WriteAsync(JsonObject analysis, params string[] evaluations)
    {
        await HtmlReport.WriteAsync(Options(analysis, evaluations), CancellationToken.None);
        return await File.ReadAllTextAsync(_folder["report.html"]);
    }

    private string Evaluation(int rows)
    {
        var path = _folder["evaluation.json"];
        var evaluations = new JsonArray();
        for (var i = 0; i < rows; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            evaluations.Add(new JsonObject
            {
                ["item_id"] = "i" + number,
                ["conversation_id"] = "c" + number,
                ["category"] = "UR2",
                ["context"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"question, \"{number}\"" }),
                ["model1_response"] = "answer of b",
                ["model2_response"] = "answer of a",
                ["judgments"] = new JsonArray(
                    new JsonObject { ["order"] = "normal", ["verdict"] = "B", ["text"] = "judged first" },
                    new JsonObject { ["order"] = "reversed", ["verdict"] = "A", ["text"] = "judged second" }),
                ["outcome"] = "loss",
            });
        }

        File.WriteAllText(path, new JsonObject
        {
            ["metadata"] = new JsonObject { ["model1"] = new JsonObject { ["name"] = "b" }, ["model2"] = new JsonObject { ["name"] = "a" } },
            ["evaluations"] = evaluations,
        }.ToJsonString());
        return path;
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex StyleBlock();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ScriptBlock();
}
