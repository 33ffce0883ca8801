using System.Text.Json.Nodes;
using Cfx.Build.Composition;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Generation;
using Cfx.Core.Reporting;

namespace Build.Tests.Composition;

public sealed class AnalysisSettingsTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "cfx-settings"));
    private static readonly StudyLayout Layout = new(Root, "s-sandbox");

    // What a later run would choose, in every setting another than the manifest says.
    private static readonly AnalyzeOptions Now = new()
    {
        StudyName = "s-sandbox",
        EvaluationPaths = [Layout.Comparison("base", "new")],
        AnalysisPath = Layout.Analysis,
        ReportPath = Layout.Report,
        Seed = 1,
        BootstrapReplicates = 5,
        EquivalenceMargin = 0.1,
        PlannedPairs = 9,
        AllowOverlap = false,
        LeakagePath = Layout.Leakage,
        AuditPath = Layout.Audit,
        HumanPath = Layout.BlindAgreement,
        AuditSource = new AuditSource(Layout.Processed("feedback"), Layout.TrainingItems, [], new GenerationSettings("other", 1, 1, 1), "together"),
        OtherBaseArms = ["base-new"],
        PlannedTestPath = Layout.PlannedTest,
        ReplicateGroups = new Dictionary<string, string> { ["x"] = "y" },
        ProcessedPaths = [("positive_only", Layout.Processed("positive_only"))],
        Remarks = ["Another remark."],
    };

    [Test]
    public void Every_setting_and_the_comparisons_are_the_manifests()
    {
        var made = AsMade(new Dictionary<string, string>
        {
            ["study"] = "s-sandbox",
            ["study-seed"] = "42",
            ["analyze-bootstrap"] = "200",
            ["analyze-planned"] = "30",
            ["evaluate-allow-overlap"] = "true",
            ["replicates"] = "feedback-2:feedback,feedback-3:feedback",
            ["remarks"] = "First remark. It goes on. Second remark.",
            ["bases"] = "base-large,base-old",
        });

        Assert.That(made.EvaluationPaths, Is.EqualTo(new[] { Layout.Comparison("base", "feedback"), Layout.Comparison("base", "alternative") }));
        Assert.That(made.ProcessedPaths, Is.EqualTo(new[] { ("feedback", Layout.Processed("feedback")) }));
        Assert.That((made.Seed, made.BootstrapReplicates, made.EquivalenceMargin, made.PlannedPairs), Is.EqualTo((42UL, 200, (double?)null, (long?)30)));
        Assert.That(made.OtherBaseArms, Is.EqualTo(new[] { "base-large", "base-old" }), "else their comparisons stand the other way round");
        Assert.That(made.PlannedTestPath, Is.Null, "an analysis of an earlier version did not read it");
        Assert.That((made.AllowOverlap, made.LeakagePath), Is.EqualTo((true, Layout.Leakage)));
        Assert.That(made.ReplicateGroups, Is.EqualTo(new Dictionary<string, string> { ["feedback-2"] = "feedback", ["feedback-3"] = "feedback" }));
        Assert.That(made.Remarks, Is.EqualTo(new[] { "First remark. It goes on.", "Second remark." }), "sentence by sentence, as the analysis holds them");
    }

    [Test]
    public void What_the_manifest_does_not_say_was_not_so()
    {
        var made = AsMade([]);

        Assert.That((made.AllowOverlap, made.EquivalenceMargin, made.PlannedPairs), Is.EqualTo((false, (double?)null, (long?)null)));
        Assert.That(made.ReplicateGroups, Is.Empty);
        Assert.That(made.Remarks, Is.Empty);
    }

    [Test]
    public void An_audit_and_peoples_verdicts_count_where_the_analysis_read_them_and_else_are_not_there()
    {
        var read = AsMade(
            new Dictionary<string, string> { ["process-model"] = "m", ["process-temperature"] = "0.3", ["process-top-p"] = "0.9", ["process-max-tokens"] = "100", ["process-provider"] = "sandbox" },
            "results/s-sandbox/audit.json", "data/s-sandbox/training_items.jsonl", "results/s-sandbox/blind.json");
        var later = AsMade([]);

        Assert.That((read.AuditPath, read.HumanPath), Is.EqualTo((Layout.Audit, Layout.BlindAgreement)));
        Assert.That((read.AuditSource!.Generator, read.AuditSource.GeneratorProvider), Is.EqualTo((new GenerationSettings("m", 0.3, 0.9, 100), "sandbox")));
        Assert.That(read.ProcessedPaths, Is.EqualTo(new[] { ("feedback", Layout.Processed("feedback")) }), "no method made the training side's items");
        Assert.That((later.AuditPath, later.HumanPath), Is.Not.EqualTo((Layout.Audit, Layout.BlindAgreement)));
        Assert.That(later.AuditPath, Is.Not.Null, "a study's analysis all the same");
    }

    private static AnalyzeOptions AsMade(Dictionary<string, string> parameters, params string[] more)
    {
        string[] inputs =
        [
            "results/s-sandbox/evaluations/base_vs_feedback.json", "results/s-sandbox/evaluations/base_vs_alternative.json", "data/s-sandbox/filter.json",
            "data/s-sandbox/feedback.jsonl", "results/s-sandbox/leakage.json", .. more,
        ];
        var manifest = new Manifest(
            "Analyze", 3, "f", "", parameters, [.. inputs.Select(i => new ManifestFile(i, new ContentHash("0", 1)))], [], "1", DateTimeOffset.UnixEpoch, TimeSpan.Zero, StageCost.None);
        var analysis = new JsonObject { ["warnings"] = new JsonArray("A warning.", "First remark. It goes on.", "Second remark.", "Another warning.") };
        return AnalysisSettings.AsMade(Now, manifest, analysis, Root, Layout);
    }
}
