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
        await WriteAsync(judged: 10);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Peoples_figures_are_turned_as_the_reports_are()
    {
        var json = (await LoadAsync())!.ToJson(Bases);
        var comparison = json["comparisons"]![0]!;

        Assert.That(((string)comparison["model1"]!, (string)comparison["model2"]!), Is.EqualTo(("feedback", "base")));
        Assert.That(((int)comparison["wins"]!, (int)comparison["losses"]!), Is.EqualTo((7, 2)));
        Assert.That((double)comparison["h"]!, Is.EqualTo(0.75).Within(1e-12));
        Assert.That(comparison["ci95"]!.AsArray().Select(v => Math.Round((double)v!, 12)), Is.EqualTo(new[] { 0.5, 0.9 }));
        Assert.That((bool)json["matches_study"]!, Is.True);
    }

    [Test]
    public async Task Comparisons_stand_in_the_studys_order_whatever_the_sheets()
    {
        var first = (JsonObject)JsonNode.Parse("""{"model1":{"name":"base"},"model2":{"name":"alternative"},"judge":{"model":"j"}}""")!;
        var file = JsonNode.Parse(await File.ReadAllTextAsync(_folder["blind.json"]))!;
        file["comparisons"]!.AsArray().Add(JsonNode.Parse("""{"model1":"base","model2":"alternative","n":1}"""));
        _folder.Write("blind.json", file.ToJsonString());

        var findings = await HumanFindings.LoadAsync(
            _folder["blind.json"], [(_folder["base_vs_feedback.json"], first), (_folder["base_vs_feedback.json"], _metadata)], CancellationToken.None);

        Assert.That(findings!.Comparisons(Bases).Select(c => (string)c["model1"]!), Is.EqualTo(new[] { "alternative", "feedback" }));
    }

    [Test]
    public async Task Without_labels_there_is_no_figure_whatever_the_file_holds()
    {
        await WriteAsync(judged: 0);

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
    public async Task A_comparison_that_the_sheet_does_not_have_is_told()
    {
        File.Move(_folder["base_vs_feedback.json"], _folder["other.json"]);

        var findings = await HumanFindings.LoadAsync(_folder["blind.json"], [(_folder["other.json"], _metadata)], CancellationToken.None);

        Assert.That(findings!.Differences, Is.EqualTo(new[] { "The sheet has no pair of base and feedback, which the study compares now." }));
    }

    [Test]
    public async Task Without_a_file_there_is_nothing_and_what_is_no_such_file_is_named()
    {
        File.Delete(_folder["blind.json"]);
        Assert.That(await LoadAsync(), Is.Null);

        _folder.Write("blind.json", """{"judged":"many"}""");
        Assert.That(async () => await LoadAsync(), Throws.TypeOf<MisuseException>().With.Message.Contains("blind.json"));
    }

    private Task<HumanFindings?> LoadAsync() =>
        HumanFindings.LoadAsync(_folder["blind.json"], [(_folder["base_vs_feedback.json"], _metadata)], CancellationToken.None);

    private async Task WriteAsync(int judged) => _folder.Write("blind.json", new JsonObject
    {
        ["evaluations"] = new JsonObject(await BlindSheet.HashesAsync([_folder["base_vs_feedback.json"]], _folder["key.json"], CancellationToken.None)),
        ["pairs"] = 20,
        ["judged"] = judged,
        ["agreement"] = new JsonObject { ["n"] = judged, ["agreement"] = 0.5 },
        ["matrix"] = new JsonObject(),
        ["first_slot"] = new JsonObject { ["p"] = 1 },
        ["comparisons"] = new JsonArray(new JsonObject
        {
            ["model1"] = "base",
            ["model2"] = "feedback",
            ["n"] = 10,
            ["wins"] = 2,
            ["ties"] = 1,
            ["losses"] = 7,
            ["h"] = 0.25,
            ["ci95"] = new JsonArray(0.1, 0.5),
        }),
    }.ToJsonString());
}
