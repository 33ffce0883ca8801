using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

public sealed class PanelFindingsTests
{
    private static readonly string[] Judges = ["one", "two|<b>", "three"];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Each_judge_stands_beside_the_majority_seen_from_the_same_arm()
    {
        // Seen from base, which the file names first and the report second.
        await AnalyzeAsync(Rows((30, "111"), (20, "222"), (8, "12T"), (2, "1-2")));
        var comparison = Comparison();
        var each = comparison["judges"]!["each"]!.AsArray();

        Assert.That(((long)comparison["wins"]!, (long)comparison["losses"]!), Is.EqualTo((20L, 30L)));
        Assert.That(each.Select(j => (string)j!["judge"]!), Is.EqualTo(Judges));
        Assert.That(each.Select(j => ((long)j!["wins"]!, (long)j["ties"]!, (long)j["losses"]!, (long)j["incomplete"]!)), Is.EqualTo(new[]
        {
            (20L, 0L, 40L, 0L), (28L, 0L, 30L, 2L), (22L, 8L, 30L, 0L),
        }));
        Assert.That((double)each[0]!["h"]!, Is.EqualTo(20 / 60.0).Within(1e-12));
        Assert.That((double)each[0]!["ci95"]![1]!, Is.LessThan(0.5).And.GreaterThan(20 / 60.0));
    }

    [Test]
    public async Task Agreement_has_intervals_and_is_the_panels_own()
    {
        await AnalyzeAsync(Rows((30, "111"), (20, "222"), (10, "12T")));
        var agreement = Comparison()["judges"]!["agreement"]!;
        var expected = new PanelAgreement(["one", "two|<b>", "three"]);
        for (var i = 0; i < 60; i++)
        {
            expected.Add($"c{i}", i < 30 ? [OutcomeKind.Win, OutcomeKind.Win, OutcomeKind.Win] : i < 50 ? [OutcomeKind.Loss, OutcomeKind.Loss, OutcomeKind.Loss] : [OutcomeKind.Win, OutcomeKind.Loss, OutcomeKind.Tie]);
        }

        Assert.That((double)agreement["unanimous_share"]!, Is.EqualTo(50 / 60.0).Within(1e-12));
        Assert.That((double)agreement["fleiss"]!["kappa"]!, Is.EqualTo(expected.Estimate().Fleiss!.Kappa!.Value).Within(1e-12));
        Assert.That(agreement["fleiss"]!["ci95"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(agreement["pairs"]!.AsArray().Select(p => p!["kappa_ci95"]!.AsArray().Count), Is.EqualTo(new[] { 2, 2, 2 }));
    }

    [Test]
    public async Task A_context_seen_in_training_is_left_out_of_each_judges_figures_too()
    {
        _folder.Write("leakage.json", """{"test":{"contexts":1000},"overlap":{"items":[{"item_id":"i0"}]},"near_duplicates":{"contexts":0}}""");
        await AnalyzeAsync(Rows((30, "111"), (20, "222")), o => o with { LeakagePath = _folder["leakage.json"] });

        Assert.That(Comparison()["judges"]!["each"]!.AsArray().Select(j => (long)j!["n"]!), Is.All.EqualTo(49));
    }

    [Test]
    public async Task Judges_whose_whole_intervals_contradict_each_other_are_a_warning()
    {
        await AnalyzeAsync(Rows((60, "12T"), (10, "222")));
        Assert.That(Warnings(), Has.Some.Contains("The judges contradict each other").And.Some.Contains("two|<b> prefers feedback"));

        await AnalyzeAsync(Rows((60, "111"), (10, "222")));
        Assert.That(Warnings(), Has.None.Contains("contradict"));
    }

    [Test]
    public async Task One_judge_has_no_panel()
    {
        await AnalyzeAsync(Rows((3, "1")));

        Assert.That(Comparison()["judges"], Is.Null);
        Assert.That(await File.ReadAllTextAsync(_folder["report.md"]), Does.Not.Contain("Several judges"));
    }

    [Test]
    public async Task The_report_shows_every_judge_and_its_name_is_no_markup()
    {
        await AnalyzeAsync(Rows((30, "111"), (20, "222"), (10, "12T")));
        var lines = await File.ReadAllLinesAsync(_folder["report.md"]);

        Assert.That(lines, Has.Some.StartsWith("| feedback vs base | **majority of 3** | 60 | 20 | 10 | 30 |"));
        Assert.That(lines, Has.Some.StartsWith(@"| feedback vs base | two\|&lt;b&gt; | 60 | 30 | 0 | 30 | 0.500 ["));
        Assert.That(lines, Has.Some.StartsWith(@"| feedback vs base | one and two\|&lt;b&gt; | 60 | 83.3 % ["));
        Assert.That(lines, Has.Some.StartsWith("| feedback vs base | all 3: unanimous, Fleiss' kappa | 60 | 83.3 % ["));
        Assert.That(lines, Has.None.Contains("<b>"));
    }

    private JsonNode Comparison() => _folder.Json("analysis.json")["comparisons"]![0]!;

    private IEnumerable<string> Warnings() => Comparison()["warnings"]!.AsArray().Select(w => (string)w!);

    private Task<AnalyzeSummary> AnalyzeAsync(string path, Func<AnalyzeOptions, AnalyzeOptions>? change = null)
    {
        var options = new AnalyzeOptions
        {
            StudyName = "study",
            EvaluationPaths = [path],
            AnalysisPath = _folder["analysis.json"],
            ReportPath = _folder["report.md"],
            BootstrapReplicates = 0,
        };
        return new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(change is null ? options : change(options), CancellationToken.None);
    }

    // Each judge's outcome a pair: 1 and 2 for the model preferred in both orders, T for two ties, - for silence.
    private string Rows(params (int Count, string Outcomes)[] kinds)
    {
        var rows = new JsonArray();
        foreach (var (count, outcomes) in kinds)
        {
            for (var i = 0; i < count; i++)
            {
                rows.Add((JsonNode)Row(rows.Count, outcomes));
            }
        }

        return _folder.Write("base_vs_feedback.json", new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["provider"] = "together",
                ["model1"] = new JsonObject { ["name"] = "base", ["model"] = "x" },
                ["model2"] = new JsonObject { ["name"] = "feedback", ["model"] = "y" },
                ["judge"] = new JsonObject { ["model"] = "majority" },
            },
            ["evaluations"] = rows,
        }.ToJsonString());
    }

    private static JsonObject Row(int i, string outcomes)
    {
        var judgments = new JsonArray();
        Verdict?[] majority = new Verdict?[2];
        for (var order = 0; order < 2; order++)
        {
            Verdict?[] said = [.. outcomes.Select(o => Said(o, order))];
            majority[order] = said.Length == 1 ? said[0] : PanelVote.Of(said).Verdict;
            var judgment = new JsonObject { ["order"] = order == 0 ? "normal" : "reversed", ["verdict"] = EvaluationWords.Of(majority[order]), ["status"] = "judged" };
            if (said.Length > 1)
            {
                judgment["votes"] = new JsonObject(said.Select((v, j) => KeyValuePair.Create(Judges[j], (JsonNode?)EvaluationWords.Of(v))));
            }

            judgments.Add((JsonNode)judgment);
        }

        var outcome = PairOutcome.Combine(majority[0], majority[1]);
        var row = new JsonObject { ["item_id"] = $"i{i}", ["conversation_id"] = $"c{i}", ["judgments"] = judgments, ["outcome"] = EvaluationWords.Of(outcome.Outcome) };
        if (outcome.TieKind is { } kind)
        {
            row["tie_kind"] = EvaluationWords.Of(kind);
        }

        return row;
    }

    private static Verdict? Said(char outcome, int order) => outcome switch
    {
        'T' => Verdict.Tie,
        '-' => null,
        _ => outcome == '1' == (order == 0) ? Verdict.A : Verdict.B,
    };
}
