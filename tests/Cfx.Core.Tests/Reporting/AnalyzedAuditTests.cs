using System.Text.Json.Nodes;
using Cfx.Core.Reporting;

namespace Cfx.Core.Tests.Reporting;

/// <summary>What an analysis tells of the judge's audit and of people's verdicts.</summary>
public sealed class AnalyzedAuditTests : AnalyzeStageFixture
{
    [Test]
    public async Task A_study_without_an_audit_or_human_labels_says_so_and_gives_no_number()
    {
        var path = Write("base", "feedback", 30, 60, 10);
        await RunAsync([path], Study);

        Assert.That(Analysis().AsObject(), Does.ContainKey("audit").And.ContainKey("human"));
        Assert.That((Analysis()["audit"], Analysis()["human"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
        Assert.That(ReportLines(), Has.Some.Contains("not held against the users' own feedback; the target Audit does it").And.Some.Contains("there are no human labels"));

        await RunAsync(path);
        Assert.That(Analysis().AsObject(), Does.Not.ContainKey("audit"), "outside a study nobody can make one");
        Assert.That(ReportLines(), Has.None.Contains("Audit"));
    }

    [Test]
    public async Task An_audit_and_peoples_verdicts_are_reported_with_their_intervals()
    {
        var path = Write("base", "feedback", 30, 60, 10);
        Folder.Write("audit.json", AuditJson(judge: "j"));
        Folder.Write("blind.json", HumanJson(judged: 12));
        await RunAsync([path], Study);

        Assert.That((double)Analysis()["audit"]!["agreement"]!["ci95"]![0]!, Is.EqualTo(0.2));
        Assert.That((string)Analysis()["human"]!["comparisons"]![0]!["model1"]!, Is.EqualTo("feedback"), "as the report names them");
        var lines = ReportLines();
        Assert.That(lines, Has.Some.StartsWith("**The judge sides with the users.** P(new preferred | negative) − P(new preferred | positive) = +0.400 (95 % interval +0.200 to +0.600;".Replace("|", @"\|", StringComparison.Ordinal)));
        Assert.That(lines, Has.Some.EqualTo("| disliked (UR2, UR3) | 20 | 12 | 4 | 4 | 0.700 [0.550, 0.850] |").And.Some.EqualTo("| liked (UR5) | 20 | 4 | 4 | 12 | 0.300 [0.150, 0.450] |"));
        Assert.That(lines, Has.Some.Contains("changed its verdict on 25.0 % of 4 pairs (95 % interval 5.0 to 70.0 %)"));
        var agreement = "| 12 | 0.750 [0.468, 0.911] | 0.520 [";
        Assert.That(lines, Has.Some.StartsWith("| feedback vs base | 12 | 7 | 1 | 4 | 0.625 [").And.Contains(agreement));
        Assert.That(lines, Has.Some.StartsWith("| **all** | 12 | – | – | – | – " + agreement));
    }

    [Test]
    public async Task An_audit_of_another_judge_is_marked_and_no_part_of_the_methods()
    {
        Folder.Write("audit.json", AuditJson(judge: "somebody else"));
        await RunAsync([Write("base", "feedback", 30, 60, 10)], Study);

        Assert.That((bool)Analysis()["audit"]!["matches_study"]!, Is.False);
        Assert.That(ReportLines(), Has.Some.StartsWith("**This audit is not of this study as it is now.").And.Some.StartsWith("- The audit of the judge is not of this study as it is now:"));
        Assert.That((string)Analysis()["methods"]!, Does.Not.Contain("held against"));
    }

    [Test]
    public async Task A_sheet_without_verdicts_is_no_label()
    {
        Folder.Write("blind.json", HumanJson(judged: 0));
        await RunAsync([Write("base", "feedback", 30, 60, 10)], Study);

        Assert.That((string)Analysis()["human"]!["note"]!, Is.EqualTo("no human labels"));
        Assert.That(Analysis()["human"]!["agreement"], Is.Null);
        Assert.That(ReportLines(), Has.Some.Contains("read back without a verdict").And.None.Contains("people's win rate"));
    }

    private AnalyzeOptions Study(AnalyzeOptions options) => options with { AuditPath = Folder["audit.json"], HumanPath = Folder["blind.json"] };

    private static string AuditJson(string judge) => $$"""
        {
          "provider": "sandbox", "judge": { "model": "{{judge}}", "temperature": 0 }, "reading": "The judge sides with the users.",
          "inputs": { "rewrites_sha256": null, "items_sha256": null },
          "negative": { "pairs": 20, "complete": 20, "new_preferred": 12, "ties": 4, "original_preferred": 4, "rate": 0.7, "ci95": [0.55, 0.85] },
          "positive": { "pairs": 20, "complete": 20, "new_preferred": 4, "ties": 4, "original_preferred": 12, "rate": 0.3, "ci95": [0.15, 0.45] },
          "agreement": { "difference": 0.4, "se": 0.1, "ci95": [0.2, 0.6], "p": 0.0001 },
          "repeat": { "asked": 4, "n": 4, "noise": 0.25, "noise_ci95": [0.05, 0.7] }, "warnings": []
        }
        """;

    // People see the trained arm win 7 of 12 and the base 4; the judge sees 9 of the 12 alike.
    private static string HumanJson(int judged) => new JsonObject
    {
        ["pairs"] = 20,
        ["judged"] = judged,
        ["not_judged"] = 20 - judged,
        ["evaluations"] = new JsonObject(),
        ["verdicts"] = new JsonArray([.. Enumerable.Range(0, judged).Select(i => (JsonNode)new JsonObject
        {
            ["id"] = $"p{i}",
            ["model1"] = "base",
            ["model2"] = "feedback",
            ["conversation_id"] = $"c{i}",
            ["human"] = i < 7 ? "model2" : i < 11 ? "model1" : "tie",
            ["judge"] = i < 6 ? "model2" : i < 7 ? "tie" : i < 10 ? "model1" : "model2",
        })]),
    }.ToJsonString();
}
