using System.Text.Json.Nodes;
using Cfx.Core.Auditing;

namespace Cfx.Core.Tests.Auditing;

public sealed class HumanFindingsTests
{
    private static readonly HashSet<string> Bases = ["base"];
    private TemporaryFolder _folder = null!;
    private JsonObject _metadata = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _folder.Write("base_vs_feedback.json", "judgments");
        _metadata = (JsonObject)JsonNode.Parse("""{"model1":{"name":"base"},"model2":{"name":"feedback"},"judge":{"model":"j"}}""")!;
        await WriteAsync(Ten);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Peoples_figures_are_turned_as_the_reports_are()
    {
        var json = (await LoadAsync())!.ToJson(Bases);
        var comparison = json["comparisons"]![0]!;

        Assert.That(((string)comparison["model1"]!, (string)comparison["model2"]!), Is.EqualTo(("feedback", "base")));
        Assert.That(((long)comparison["wins"]!, (long)comparison["ties"]!, (long)comparison["losses"]!), Is.EqualTo((7L, 1L, 2L)));
        Assert.That((double)comparison["h"]!, Is.EqualTo(0.75).Within(1e-12));
        Assert.That((bool)json["matches_study"]!, Is.True);
    }

    [Test]
    public async Task What_is_over_all_comparisons_is_seen_from_the_arm_that_each_report_names_first()
    {
        // Against the base people and the judge always prefer the trained arm; between the trained ones, whichever the file names second.
        await WriteAsync([.. Enumerable.Range(0, 8).Select(i => Verdict("base", "feedback", i, "model2", "model2")), .. Enumerable.Range(0, 2).Select(i => Verdict("feedback", "alternative", 8 + i, "model2", "model1"))]);

        var json = (await LoadAsync())!.ToJson(Bases);

        Assert.That(json["matrix"]!["human_rows_judge_columns"]!.ToJsonString(), Is.EqualTo("[[8,0,0],[0,0,0],[2,0,0]]"));
        Assert.That((double)json["agreement"]!["agreement"]!, Is.EqualTo(0.8).Within(1e-12));
        Assert.That((double)json["agreement"]!["kappa"]!, Is.EqualTo(0).Within(1e-12), "the judge always says the first");
    }

    [Test]
    public async Task Several_verdicts_on_one_conversation_are_worth_less_than_on_as_many()
    {
        HumanVerdict[] Half(Func<int, int> conversation) => [.. Enumerable.Range(0, 40).Select(i => Verdict("base", "feedback", conversation(i), i % 8 < 4 ? "model1" : "model2", i % 8 is < 4 and > 0 || i >= 36 ? "model1" : "model2"))];
        double Width(JsonNode? interval) => (double)interval![1]! - (double)interval[0]!;
        await WriteAsync(Half(i => i));
        var apart = (await LoadAsync())!.ToJson(Bases);
        await WriteAsync(Half(i => i / 4));
        var together = (await LoadAsync())!.ToJson(Bases);

        Assert.That((double)together["agreement"]!["kappa"]!, Is.EqualTo((double)apart["agreement"]!["kappa"]!));
        Assert.That(Width(together["comparisons"]![0]!["ci95"]), Is.GreaterThan(1.5 * Width(apart["comparisons"]![0]!["ci95"])));
        Assert.That(together["agreement"]!["kappa_ci95"]!.ToJsonString(), Is.Not.EqualTo(apart["agreement"]!["kappa_ci95"]!.ToJsonString()));
    }

    [Test]
    public async Task Comparisons_stand_in_the_studys_order_whatever_the_sheets()
    {
        var first = (JsonObject)JsonNode.Parse("""{"model1":{"name":"base"},"model2":{"name":"alternative"},"judge":{"model":"j"}}""")!;
        await WriteAsync([.. Ten, Verdict("base", "alternative", 10, "tie", null)]);

        var findings = await HumanFindings.LoadAsync(
            _folder["blind.json"], [(_folder["base_vs_feedback.json"], first), (_folder["base_vs_feedback.json"], _metadata)], CancellationToken.None);

        Assert.That(findings!.ToJson(Bases)["comparisons"]!.AsArray().Select(c => (string)c!["model1"]!), Is.EqualTo(new[] { "alternative", "feedback" }));
    }

    [Test]
    public async Task Without_labels_there_is_no_figure_whatever_the_file_holds()
    {
        await WriteAsync([]);

        var json = (await LoadAsync())!.ToJson(Bases);

        Assert.That((string)json["note"]!, Is.EqualTo("no human labels"));
        Assert.That((json["agreement"], json["matrix"], json["first_slot"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
    }

    [Test]
    public async Task Judgments_that_changed_since_the_sheet_are_told()
    {
        _folder.Write("base_vs_feedback.json", "judged anew");

        Assert.That((await LoadAsync())!.Differences, Has.Exactly(1).Items.And.Some.Contains("have changed since the sheet was written"));
    }

    [Test]
    public async Task Comparisons_that_only_the_sheet_or_only_the_study_has_are_told()
    {
        File.Move(_folder["base_vs_feedback.json"], _folder["other.json"]);

        var findings = await HumanFindings.LoadAsync(_folder["blind.json"], [(_folder["other.json"], _metadata)], CancellationToken.None);

        Assert.That(findings!.Differences, Is.EqualTo(new[]
        {
            "The sheet has no pair of base and feedback, which the study compares now.",
            "The sheet has pairs of comparisons that the study no longer makes (base_vs_feedback.json).",
        }));
    }

    [Test]
    public async Task Without_a_file_there_is_nothing_and_what_is_no_such_file_is_named()
    {
        File.Delete(_folder["blind.json"]);
        Assert.That(await LoadAsync(), Is.Null);

        foreach (var text in new[] { "{", "[]", """{"judged":10,"comparisons":[]}""", """{"verdicts":[{"model1":"base","human":"model1"}]}""" })
        {
            _folder.Write("blind.json", text);
            Assert.That(async () => await LoadAsync(), Throws.TypeOf<MisuseException>().With.Message.Contains("blind.json").And.Message.Contains("read the sheet again"), text);
        }
    }

    private Task<HumanFindings?> LoadAsync() =>
        HumanFindings.LoadAsync(_folder["blind.json"], [(_folder["base_vs_feedback.json"], _metadata)], CancellationToken.None);

    // People prefer the trained arm in 7 of 10, and the base in 2.
    private static HumanVerdict[] Ten { get; } =
        [.. Enumerable.Range(0, 10).Select(i => Verdict("base", "feedback", i, i < 7 ? "model2" : i < 9 ? "model1" : "tie", i % 2 == 0 ? "model2" : "tie"))];

    private static HumanVerdict Verdict(string model1, string model2, int conversation, string human, string? judge) =>
        new(model1, model2, $"c{conversation}", HumanVerdict.Outcome(human)!.Value, HumanVerdict.Outcome(judge));

    private async Task WriteAsync(HumanVerdict[] verdicts) => _folder.Write("blind.json", new JsonObject
    {
        ["evaluations"] = new JsonObject(await BlindSheet.HashesAsync([_folder["base_vs_feedback.json"]], _folder["key.json"], CancellationToken.None)),
        ["pairs"] = 20,
        ["judged"] = verdicts.Length,
        ["first_slot"] = new JsonObject { ["p"] = 1 },
        ["verdicts"] = new JsonArray([.. verdicts.Select((v, i) => (JsonNode)v.ToJson($"p{i:0000}"))]),
    }.ToJsonString());
}
