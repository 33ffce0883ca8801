using System.Text.Json.Nodes;

namespace Cfx.Core.Tests.Reporting;

/// <summary>What an analysis makes of test contexts that were found in training data.</summary>
public sealed class AnalyzedOverlapTests : AnalyzeStageFixture
{
    [Test]
    public async Task Contexts_seen_in_training_drop_out_and_the_figures_with_them_stand_beside()
    {
        var path = Write("feedback", "base", wins: 200, losses: 50, ties: 10);
        await RunAsync([path], o => o with { LeakagePath = WriteLeakage(260, "i0", "i1") });
        var analysis = Analysis();

        Assert.That(((long)analysis["comparisons"]![0]!["n"]!, (long)analysis["comparisons"]![0]!["wins"]!), Is.EqualTo((258L, 198L)));
        Assert.That((long)analysis["leakage"]!["with_overlap"]![0]!["n"]!, Is.EqualTo(260));
        Assert.That(analysis["leakage"]!["left_out"]!.ToJsonString(), Is.EqualTo("""["i0","i1"]"""));
        Assert.That((string)analysis["warnings"]![0]!, Does.StartWith("2 of 260 test contexts (0.8 %)"));
        Assert.That((double)analysis["leakage"]!["with_overlap"]![0]!["primary_p"]!, Is.LessThan(1e-10));
    }

    [Test]
    public async Task A_partial_comparison_has_no_p_value_with_the_overlap_either()
    {
        var path = Write("feedback", "base", wins: 200, losses: 50, ties: 10);
        await RunAsync([path], o => o with { LeakagePath = WriteLeakage(260, "i0", "i1"), PlannedPairs = 1000 });

        Assert.That(Analysis()["leakage"]!["with_overlap"]![0]!["primary_p"], Is.Null);
    }

    [Test]
    public async Task Above_one_percent_the_study_does_not_conclude_unless_told_to_and_is_then_marked()
    {
        var path = Write("feedback", "base", wins: 200, losses: 50, ties: 10);
        var leakage = WriteLeakage(260, "i0", "i1", "i2");

        Assert.That(
            async () => await RunAsync([path], o => o with { LeakagePath = leakage }),
            Throws.TypeOf<StageFailedException>().With.Message.Contains("3 of 260").And.Message.Contains("--allow-overlap").And.Message.Not.Contains("\n"));
        Assert.That(Folder["analysis.json"], Does.Not.Exist);

        await RunAsync([path], o => o with { LeakagePath = leakage, AllowOverlap = true });
        Assert.That(File.ReadAllText(Folder["report.md"]), Does.Contain("OVERLAP ALLOWED"));
        Assert.That((bool)Analysis()["leakage"]!["allowed"]!, Is.True);
    }

    [Test]
    public async Task The_methods_tell_of_overlap_left_out_and_of_overlap_allowed()
    {
        var path = Write("feedback", "base", wins: 200, losses: 50, ties: 10);
        await RunAsync([path], o => o with { LeakagePath = WriteLeakage(260, "i0", "i1") });
        Assert.That((string)Analysis()["methods"]!, Does.Contain("2 of 260 test contexts that were found in training data were left out").And.Not.Contain("all the same"));

        await RunAsync([path], o => o with { LeakagePath = WriteLeakage(260, "i0", "i1", "i2"), AllowOverlap = true });
        Assert.That((string)Analysis()["methods"]!, Does.Contain("3 of 260 test contexts").And.Contain("more than the 1 % with which the study was to conclude"));
    }

    [Test]
    public async Task Near_duplicates_are_shown_with_both_texts_and_no_markup_of_theirs()
    {
        var leakage = Folder.Write("leakage.json", """
            {"test":{"contexts":260},"overlap":{"items":[]},"near_duplicates":{"contexts":1,"pairs":[
              {"item_id":"i7","conversation_id":"c7","similarity":0.91,"place":"feedback_training.jsonl, line 3","test_text":"How do I prove | <b>dough</b>?\n# Title","training_text":"How do I prove dough?"}]}}
            """);
        await RunAsync([Write("feedback", "base", wins: 200, losses: 50, ties: 10)], o => o with { LeakagePath = leakage });
        var report = File.ReadAllText(Folder["report.md"]);

        Assert.That((string)Analysis()["leakage"]!["near_duplicate_pairs"]![0]!["training_text"]!, Is.EqualTo("How do I prove dough?"));
        Assert.That(report, Does.Contain("| i7 | 0.91 | feedback\\_training.jsonl, line 3 |").And.Contain("How do I prove dough?").And.Not.Contain("<b>").And.Not.Contain("\n# Title"));
    }

    private string WriteLeakage(int contexts, params string[] items) => Folder.Write("leakage.json", new JsonObject
    {
        ["test"] = new JsonObject { ["contexts"] = contexts },
        ["overlap"] = new JsonObject { ["items"] = new JsonArray([.. items.Select(i => new JsonObject { ["item_id"] = i })]) },
        ["near_duplicates"] = new JsonObject { ["contexts"] = 0 },
    }.ToJsonString());
}
