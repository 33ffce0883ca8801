using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Tests.Reporting;

public sealed class AnalyzeStageTests : AnalyzeStageFixture
{
    [Test]
    public async Task A_base_arm_named_first_is_turned_so_that_the_trained_arms_wins_are_wins()
    {
        await RunAsync(Write("base", "feedback", wins: 20, losses: 60, ties: 20, incomplete: 2));
        var comparison = Analysis()["comparisons"]![0]!;

        Assert.That((string)comparison["model1"]!, Is.EqualTo("feedback"));
        Assert.That((string)comparison["model2"]!, Is.EqualTo("base"));
        Assert.That(((long)comparison["wins"]!, (long)comparison["losses"]!), Is.EqualTo((60L, 20L)));
        Assert.That((double)comparison["h"]!, Is.EqualTo(0.7).Within(1e-12));
        Assert.That((string)comparison["verdict"]!, Is.EqualTo("better"));
        Assert.That((long)comparison["n_failed"]!["answer_model2"]!, Is.EqualTo(2), "the file's model1 is the comparison's model2");
        Assert.That(comparison["ties"]!.ToJsonString(), Is.EqualTo("""{"total":20,"consistent":0,"flip_first":20,"flip_second":0,"soft":0}"""));
    }

    [TestCase("model1: cut off", "base: cut off")]
    [TestCase("model1: cut off; model2: empty", "base: cut off; feedback: empty")]
    [TestCase("judge, normal order: 503 busy; judge, reversed order: 429", "judge, base first: 503 busy; judge, feedback first: 429")]
    [TestCase("base: cut off", "base: cut off")]
    public async Task A_reason_of_an_older_file_blames_the_same_arm_when_the_comparison_is_turned(string written, string told)
    {
        var path = Write("base", "feedback", wins: 20, losses: 60, ties: 20, incomplete: 4);
        var file = Folder.Json("base_vs_feedback.json");
        foreach (var row in file["evaluations"]!.AsArray().Where(r => (string)r!["outcome"]! == "incomplete"))
        {
            row!["reason"] = written;
        }

        file["metadata"]!["warnings"] = new JsonArray($"Incomplete pairs: 4 of 104 (3.8 %) are outside the rates, for example item i100: {written}.");
        Folder.Write("base_vs_feedback.json", file.ToJsonString());
        await RunAsync([path], o => o with { HtmlReportPath = Folder["report.html"], ComparisonsPath = Folder["comparisons.csv"] });

        Assert.That(File.ReadAllText(Folder["comparisons.csv"]), Does.Contain($",answer_model2,\"{told}\","));
        Assert.That(ReportLines(), Has.Some.Contains($"feedback vs base: Incomplete pairs: 4 of 104 (3.8 %) are outside the rates, for example item i100: {told}."));
    }

    [TestCase("sandbox", "sandbox", "openai")]
    [TestCase("together", "together", "sandbox")]
    [TestCase("sandbox", "together", "together")]
    public async Task A_study_in_which_the_sandbox_had_any_part_is_marked(string generator, string arms, string judge)
    {
        var path = Write("base", "feedback", 10, 20, 3, provider: judge);
        Say(path, "providers", new JsonObject { ["generator"] = generator, ["arms"] = arms, ["judge"] = judge });
        await RunAsync([path], o => o with { HtmlReportPath = Folder["report.html"] });

        Assert.That(ReportLines()[0], Does.Contain("the pipeline works, not which method wins"));
        Assert.That((bool)Analysis()["sandbox"]!, Is.True);
        Assert.That(Analysis()["providers"]!.AsArray().Select(p => (string)p!), Is.EquivalentTo(new[] { generator, arms, judge }.Distinct()));
        Assert.That((string)Analysis()["methods"]!, Does.Contain("small imitations"));
        Assert.That(File.ReadAllText(Folder["report.html"]), Does.Contain("<title>[SANDBOX]").And.Contain("id=\"sandbox\""));
        Assert.That(ReportLines(), Has.None.Contains("made with different providers"), "all comparisons were made alike");
    }

    [Test]
    public async Task The_adjustment_counts_every_planned_comparison_also_one_without_data()
    {
        await RunAsync(
            Write("base", "feedback", wins: 40, losses: 60, ties: 0),
            Write("base", "alternative", wins: 30, losses: 70, ties: 0),
            Write("feedback", "alternative", wins: 0, losses: 0, ties: 0, incomplete: 5));
        var comparisons = Analysis()["comparisons"]!.AsArray();
        var raw = new[] { SignTest.TwoSided(40, 60).PValue, SignTest.TwoSided(30, 70).PValue, 1 };

        Assert.That(comparisons.Select(c => (double)c!["holm_p"]!), Is.EqualTo(Holm.Adjust(raw)));
        Assert.That(comparisons.Select(c => (string)c!["verdict"]!), Is.EqualTo(new[] { "no significant difference", "better", "no data" }));
        Assert.That(comparisons[2]!["h"], Is.Null);
        Assert.That((string)comparisons[2]!["model1"]!, Is.EqualTo("feedback"));
    }

    [Test]
    public async Task A_sandbox_report_says_in_its_first_line_what_its_numbers_are_worth()
    {
        await RunAsync(Write("base", "feedback", 1, 2, 3));

        Assert.That(ReportLines()[0], Does.Contain("sandbox's models").And.Contain("the pipeline works, not which method wins"));
        Assert.That((bool)Analysis()["sandbox"]!, Is.True);
    }

    [Test]
    public async Task A_report_of_a_real_provider_does_not_speak_of_the_sandbox()
    {
        await RunAsync(Write("base", "feedback", 1, 2, 3, provider: "together"));

        Assert.That(string.Join('\n', ReportLines()), Does.Not.Contain("sandbox").IgnoreCase);
    }

    [Test]
    public async Task The_report_answers_each_comparison_in_a_sentence_with_its_numbers()
    {
        var summary = await RunAsync(Write("base", "feedback", 423, 487, 78));

        Assert.That(summary.Answers.Single(), Is.EqualTo(
            "**feedback answers better than base**: 487 won, 423 lost, 78 tied of 988 pairs; win rate with ties counting half 0.532 (95 % interval 0.502 to 0.562), p = 0.0367, adjusted for the study's comparisons 0.0367."));
        Assert.That(ReportLines(), Has.Some.Contains(summary.Answers.Single()));
    }

    [Test]
    public async Task The_file_holds_no_number_that_is_not_one_and_is_versioned()
    {
        await RunAsync(Write("base", "feedback", 0, 0, 0, incomplete: 1), Write("base", "alternative", 1, 0, 0), Write("feedback", "alternative", 0, 0, 5));
        var text = await File.ReadAllTextAsync(Folder["analysis.json"]);

        Assert.That(text, Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
        Assert.That((int)Analysis()["schema_version"]!, Is.EqualTo(3));
    }

    [Test]
    public async Task Very_small_p_values_are_shown_with_their_logarithm()
    {
        await RunAsync(Write("base", "feedback", 0, 1200, 0));

        Assert.That(ReportLines(), Has.Some.Contains("p <0.0001 (log10 p = -360.9)"));
        Assert.That((double)Analysis()["comparisons"]![0]!["sign_log10_p"]!, Is.EqualTo(1199 * -Math.Log10(2)).Within(1e-9));
    }

    [TestCase(90, 5, 3, 2, "2 of 100 pairs", false)]
    [TestCase(90, 5, 2, 3, "3 of 100 pairs", true)]
    [TestCase(40, 75, 0, 28, "conclusion depends on the incomplete pairs", false)]
    [TestCase(40, 75, 0, 50, "conclusion depends on the incomplete pairs", true)]
    [TestCase(30, 30, 39, 0, "Only 99 pairs", true)]
    [TestCase(30, 30, 40, 0, "Only 100 pairs", false)]
    [TestCase(9, 91, 0, 0, "interval is approximate", true)]
    [TestCase(30, 30, 60, 0, "held to its verdict", true)]
    public async Task A_reader_is_warned_of_what_weakens_a_comparison(int losses, int wins, int ties, int incomplete, string warning, bool isExpected)
    {
        await RunAsync(Write("base", "feedback", losses, wins, ties, incomplete));
        var warnings = Analysis()["comparisons"]![0]!["warnings"]!.AsArray().Select(w => (string)w!).ToList();

        Assert.That(warnings.Any(w => w.Contains(warning, StringComparison.Ordinal)), Is.EqualTo(isExpected));
        Assert.That(ReportLines().Any(l => l.Contains(warning, StringComparison.Ordinal)), Is.EqualTo(isExpected));
    }

    [Test]
    public async Task One_training_run_an_arm_is_always_said_to_hide_the_variance_of_training()
    {
        await RunAsync(Write("base", "feedback", 300, 300, 300));

        Assert.That(ReportLines(), Has.Some.Contains("one training run"));
    }

    [Test]
    public async Task Several_pairs_of_one_conversation_are_not_counted_as_independent()
    {
        await RunAsync(Write("base", "feedback", wins: 0, losses: 40, ties: 0, itemsPerConversation: 10));
        var comparison = Analysis()["comparisons"]![0]!;

        Assert.That((string)comparison["primary_test"]!, Is.EqualTo("sign_flip"));
        Assert.That((double)comparison["primary_p"]!, Is.EqualTo(2 / 16.0), "four conversations, all one way");
        Assert.That((string)comparison["verdict"]!, Is.EqualTo("no significant difference"));
        Assert.That((double)comparison["sign_p"]!, Is.LessThan(1e-9));
        Assert.That(ReportLines(), Has.Some.Contains("sign-flip"));
    }

    [Test]
    public async Task The_counts_of_the_stages_before_stand_in_the_report_and_missing_files_are_passed_over()
    {
        var filter = Folder.Write("filter.json", """{"seed":7,"read":464,"left_out":{"no_feedback":12},"note":"x"}""");
        await RunAsync([Write("base", "feedback", 1, 2, 3)], [("Filter", filter), ("Split", Folder["none.json"])]);

        Assert.That(ReportLines(), Has.Member("| Filter | read | 464 |").And.Member("| Filter | left out: no feedback | 12 |"));
        Assert.That(ReportLines(), Has.None.Contains("| Filter | seed"));
        Assert.That((int)Analysis()["flow"]!["Filter"]!["left_out"]!["no_feedback"]!, Is.EqualTo(12));
    }

    [Test]
    public async Task Comparisons_by_different_judges_are_told_apart()
    {
        await RunAsync(Write("base", "feedback", 1, 2, 3, judge: "one"), Write("base", "alternative", 1, 2, 3, judge: "two"));

        Assert.That(ReportLines(), Has.Some.Contains("different judges"));
    }

    [Test]
    public async Task The_same_files_give_the_same_bytes()
    {
        var path = Write("base", "feedback", 10, 20, 30);
        await RunAsync(path);
        var (analysis, report) = (await File.ReadAllBytesAsync(Folder["analysis.json"]), await File.ReadAllBytesAsync(Folder["report.md"]));
        await RunAsync(path);

        Assert.That(await File.ReadAllBytesAsync(Folder["analysis.json"]), Is.EqualTo(analysis));
        Assert.That(await File.ReadAllBytesAsync(Folder["report.md"]), Is.EqualTo(report));
    }

    [Test]
    public async Task Trainings_with_other_seeds_show_how_far_their_win_rates_lie_apart()
    {
        await RunAsync(
            [
                Write("base", "feedback", wins: 40, losses: 60, ties: 0), Write("base", "feedback-r2", wins: 20, losses: 80, ties: 0),
                Write("base", "feedback-r3", wins: 30, losses: 70, ties: 0), Write("base", "single", wins: 30, losses: 70, ties: 0),
                Write("feedback", "alternative", wins: 50, losses: 50, ties: 0), Write("feedback-r2", "alternative-r2", wins: 60, losses: 40, ties: 0),
                Write("feedback-r3", "alternative-r3", wins: 0, losses: 0, ties: 0, incomplete: 3),
            ],
            o => o with
            {
                ReplicateGroups = new Dictionary<string, string>
                {
                    ["feedback"] = "feedback",
                    ["feedback-r2"] = "feedback",
                    ["feedback-r3"] = "feedback",
                    ["alternative"] = "alternative",
                    ["alternative-r2"] = "alternative",
                    ["alternative-r3"] = "alternative",
                },
            });
        var spreads = Analysis()["replicates"]!.AsArray();

        Assert.That(spreads.Select(s => $"{s!["model1"]} {s["model2"]} {s["trainings"]}"), Is.EqualTo(new[] { "feedback base 3", "feedback alternative 2" }));
        Assert.That(spreads[0]!["win_rates"]!.AsArray().Select(w => (double)w!), Is.EqualTo(new[] { 0.6, 0.8, 0.7 }).Within(1e-12));
        Assert.That((double)spreads[0]!["mean"]!, Is.EqualTo(0.7).Within(1e-12));
        Assert.That((double)spreads[0]!["sd"]!, Is.EqualTo(0.1).Within(1e-12));
        Assert.That((double)spreads[1]!["sd"]!, Is.EqualTo(0.1 / Math.Sqrt(2)).Within(1e-12));
        Assert.That(ReportLines(), Has.Member("| feedback vs base | 3 | 0.600, 0.800, 0.700 | 0.700 | 0.100 |"));
        Assert.That(ReportLines(), Has.None.Contains("Each trained arm is one training run"));
    }

    [Test]
    public async Task Without_replicates_the_report_has_no_such_part()
    {
        await RunAsync(Write("base", "feedback", 1, 2, 3));
        Assert.That(Analysis()["replicates"], Is.Null);
        Assert.That(ReportLines(), Has.None.Contains("one training to the next"));
    }

    [Test]
    public async Task The_untuned_arm_of_another_model_is_turned_too_and_remarks_are_told()
    {
        await RunAsync([Write("base-large", "feedback", wins: 20, losses: 60, ties: 20)], o => o with { OtherBaseArms = ["base-large"], Remarks = ["They differ."] });
        Assert.That((string)Analysis()["comparisons"]![0]!["model1"]!, Is.EqualTo("feedback"));
        Assert.That(ReportLines(), Has.Member("- They differ."));
    }

    [Test]
    public async Task The_methods_name_every_judge_of_a_panel()
    {
        var path = Write("feedback", "base", 10, 20, 3, judge: "majority of a, b");
        Say(path, "judges", new JsonArray(new JsonObject { ["model"] = "a" }, new JsonObject { ["model"] = "b" }));
        await RunAsync(path);

        Assert.That((string)Analysis()["methods"]!, Does.Contain("2 language models (a; b), each at temperature 0, judged every pair").And.Contain("majority").And.Not.Contain("A language model"));
    }

    [Test]
    public async Task The_methods_tell_of_the_prior_and_of_items_left_out_of_every_arm()
    {
        var prepare = Folder.Write("prepare.json", """{"train_items":200,"validation_items":20,"not_processed":0,"left_out_items":18,"above_maximum":2,"arms":{"feedback":{"training":180,"validation":20}}}""");
        await RunAsync([Write("base", "feedback", wins: 0, losses: 60, ties: 0)], [("Prepare", prepare)]);

        Assert.That((string)Analysis()["methods"]!, Does.Contain("18 items").And.Contain("left out of the training data of all").And.Contain("pseudo-count"));
        Assert.That(ReportLines(), Has.Member("| Prepare | used in every arm that rewrites | 200 |"));
    }

    [Test]
    public async Task A_test_that_grew_after_p_values_were_seen_is_a_deviation()
    {
        var planned = Folder.Write("planned.json", """{"schema_version":1,"contexts":300,"seen":[100]}""");
        await RunAsync([Write("feedback", "base", wins: 200, losses: 50, ties: 10)], o => o with { PlannedTestPath = planned });

        Assert.That((string)Analysis()["deviations"]![0]!, Does.StartWith("The size of the test was changed after results were seen"));
        Assert.That(ReportLines(), Has.Some.StartsWith("- The size of the test was changed after results were seen"));
    }
}
