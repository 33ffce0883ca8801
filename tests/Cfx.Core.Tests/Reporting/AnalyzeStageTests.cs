using System.Text.Json.Nodes;
using Cfx.Core.Reporting;
using Cfx.Core.Statistics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

public sealed class AnalyzeStageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

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
        var file = _folder.Json("base_vs_feedback.json");
        foreach (var row in file["evaluations"]!.AsArray().Where(r => (string)r!["outcome"]! == "incomplete"))
        {
            row!["reason"] = written;
        }

        file["metadata"]!["warnings"] = new JsonArray($"Incomplete pairs: 4 of 104 (3.8 %) are outside the rates, for example item i100: {written}.");
        _folder.Write("base_vs_feedback.json", file.ToJsonString());
        await RunAsync([path], o => o with { HtmlReportPath = _folder["report.html"], ComparisonsPath = _folder["comparisons.csv"] });

        Assert.That(File.ReadAllText(_folder["comparisons.csv"]), Does.Contain($",answer_model2,\"{told}\","));
        Assert.That(ReportLines(), Has.Some.Contains($"feedback vs base: Incomplete pairs: 4 of 104 (3.8 %) are outside the rates, for example item i100: {told}."));
    }

    [TestCase("sandbox", "sandbox", "openai")]
    [TestCase("together", "together", "sandbox")]
    [TestCase("sandbox", "together", "together")]
    public async Task A_study_in_which_the_sandbox_had_any_part_is_marked(string generator, string arms, string judge)
    {
        var path = Write("base", "feedback", 10, 20, 3, provider: judge);
        Say(path, "providers", new JsonObject { ["generator"] = generator, ["arms"] = arms, ["judge"] = judge });
        await RunAsync([path], o => o with { HtmlReportPath = _folder["report.html"] });

        Assert.That(ReportLines()[0], Does.Contain("the pipeline works, not which method wins"));
        Assert.That((bool)Analysis()["sandbox"]!, Is.True);
        Assert.That(Analysis()["providers"]!.AsArray().Select(p => (string)p!), Is.EquivalentTo(new[] { generator, arms, judge }.Distinct()));
        Assert.That((string)Analysis()["methods"]!, Does.Contain("small imitations"));
        Assert.That(File.ReadAllText(_folder["report.html"]), Does.Contain("<title>[SANDBOX]").And.Contain("id=\"sandbox\""));
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
        var text = await File.ReadAllTextAsync(_folder["analysis.json"]);

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
        var filter = _folder.Write("filter.json", """{"seed":7,"read":464,"left_out":{"no_feedback":12},"note":"x"}""");
        await RunAsync([Write("base", "feedback", 1, 2, 3)], [("Filter", filter), ("Split", _folder["none.json"])]);

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
        var (analysis, report) = (await File.ReadAllBytesAsync(_folder["analysis.json"]), await File.ReadAllBytesAsync(_folder["report.md"]));
        await RunAsync(path);

        Assert.That(await File.ReadAllBytesAsync(_folder["analysis.json"]), Is.EqualTo(analysis));
        Assert.That(await File.ReadAllBytesAsync(_folder["report.md"]), Is.EqualTo(report));
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
        Assert.That(_folder["analysis.json"], Does.Not.Exist);

        await RunAsync([path], o => o with { LeakagePath = leakage, AllowOverlap = true });
        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Contain("OVERLAP ALLOWED"));
        Assert.That((bool)Analysis()["leakage"]!["allowed"]!, Is.True);
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
    public async Task The_methods_tell_of_overlap_left_out_and_of_overlap_allowed()
    {
        var path = Write("feedback", "base", wins: 200, losses: 50, ties: 10);
        await RunAsync([path], o => o with { LeakagePath = WriteLeakage(260, "i0", "i1") });
        Assert.That((string)Analysis()["methods"]!, Does.Contain("2 of 260 test contexts that were found in training data were left out").And.Not.Contain("all the same"));

        await RunAsync([path], o => o with { LeakagePath = WriteLeakage(260, "i0", "i1", "i2"), AllowOverlap = true });
        Assert.That((string)Analysis()["methods"]!, Does.Contain("3 of 260 test contexts").And.Contain("more than the 1 % with which the study was to conclude"));
    }

    [Test]
    public async Task The_methods_tell_of_the_prior_and_of_items_left_out_of_every_arm()
    {
        var prepare = _folder.Write("prepare.json", """{"train_items":200,"validation_items":20,"not_processed":0,"left_out_items":18,"above_maximum":2,"arms":{"feedback":{"training":180,"validation":20}}}""");
        await RunAsync([Write("base", "feedback", wins: 0, losses: 60, ties: 0)], [("Prepare", prepare)]);

        Assert.That((string)Analysis()["methods"]!, Does.Contain("18 items").And.Contain("left out of the training data of all").And.Contain("pseudo-count"));
        Assert.That(ReportLines(), Has.Member("| Prepare | used in every arm that rewrites | 200 |"));
    }

    [Test]
    public async Task Near_duplicates_are_shown_with_both_texts_and_no_markup_of_theirs()
    {
        var leakage = _folder.Write("leakage.json", """
            {"test":{"contexts":260},"overlap":{"items":[]},"near_duplicates":{"contexts":1,"pairs":[
              {"item_id":"i7","conversation_id":"c7","similarity":0.91,"place":"feedback_training.jsonl, line 3","test_text":"How do I prove | <b>dough</b>?\n# Title","training_text":"How do I prove dough?"}]}}
            """);
        await RunAsync([Write("feedback", "base", wins: 200, losses: 50, ties: 10)], o => o with { LeakagePath = leakage });
        var report = File.ReadAllText(_folder["report.md"]);

        Assert.That((string)Analysis()["leakage"]!["near_duplicate_pairs"]![0]!["training_text"]!, Is.EqualTo("How do I prove dough?"));
        Assert.That(report, Does.Contain("| i7 | 0.91 | feedback\\_training.jsonl, line 3 |").And.Contain("How do I prove dough?").And.Not.Contain("<b>").And.Not.Contain("\n# Title"));
    }

    [Test]
    public async Task A_test_that_grew_after_p_values_were_seen_is_a_deviation()
    {
        var planned = _folder.Write("planned.json", """{"schema_version":1,"contexts":300,"seen":[100]}""");
        await RunAsync([Write("feedback", "base", wins: 200, losses: 50, ties: 10)], o => o with { PlannedTestPath = planned });

        Assert.That((string)Analysis()["deviations"]![0]!, Does.StartWith("The size of the test was changed after results were seen"));
        Assert.That(ReportLines(), Has.Some.StartsWith("- The size of the test was changed after results were seen"));
    }

    private static void Say(string path, string name, JsonNode value)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        file["metadata"]![name] = value;
        File.WriteAllText(path, file.ToJsonString());
    }

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
        _folder.Write("audit.json", AuditJson(judge: "j"));
        _folder.Write("blind.json", HumanJson(judged: 12));
        await RunAsync([path], Study);

        Assert.That((double)Analysis()["audit"]!["agreement"]!["ci95"]![0]!, Is.EqualTo(0.2));
        Assert.That((string)Analysis()["human"]!["comparisons"]![0]!["model1"]!, Is.EqualTo("feedback"), "as the report names them");
        var lines = ReportLines();
        Assert.That(lines, Has.Some.StartsWith("**The judge sides with the users.** P(new preferred | negative) − P(new preferred | positive) = +0.400 (95 % interval +0.200 to +0.600;".Replace("|", @"\|", StringComparison.Ordinal)));
        Assert.That(lines, Has.Some.EqualTo("| disliked (UR2, UR3) | 20 | 12 | 4 | 4 | 0.700 [0.550, 0.850] |").And.Some.EqualTo("| liked (UR5) | 20 | 4 | 4 | 12 | 0.300 [0.150, 0.450] |"));
        Assert.That(lines, Has.Some.Contains("changed its verdict on 25.0 % of 4 pairs (95 % interval 5.0 to 70.0 %)"));
        Assert.That(lines, Has.Some.EqualTo("| feedback vs base | 12 | 7 | 1 | 4 | 0.625 [0.350, 0.900] | 12 | 0.750 [0.470, 0.910] | 0.500 [0.100, 0.900] |"));
        Assert.That(lines, Has.Some.EqualTo("| **all** | 12 | – | – | – | – | 12 | 0.750 [0.470, 0.910] | 0.500 [0.100, 0.900] |"));
    }

    [Test]
    public async Task An_audit_of_another_judge_is_marked_and_no_part_of_the_methods()
    {
        _folder.Write("audit.json", AuditJson(judge: "somebody else"));
        await RunAsync([Write("base", "feedback", 30, 60, 10)], Study);

        Assert.That((bool)Analysis()["audit"]!["matches_study"]!, Is.False);
        Assert.That(ReportLines(), Has.Some.StartsWith("**This audit is not of this study as it is now.").And.Some.StartsWith("- The audit of the judge is not of this study as it is now:"));
        Assert.That((string)Analysis()["methods"]!, Does.Not.Contain("held against"));
    }

    [Test]
    public async Task A_sheet_without_verdicts_is_no_label()
    {
        _folder.Write("blind.json", HumanJson(judged: 0));
        await RunAsync([Write("base", "feedback", 30, 60, 10)], Study);

        Assert.That((string)Analysis()["human"]!["note"]!, Is.EqualTo("no human labels"));
        Assert.That(Analysis()["human"]!["agreement"], Is.Null);
        Assert.That(ReportLines(), Has.Some.Contains("read back without a verdict").And.None.Contains("people's win rate"));
    }

    private AnalyzeOptions Study(AnalyzeOptions options) => options with { AuditPath = _folder["audit.json"], HumanPath = _folder["blind.json"] };

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

    private static string HumanJson(int judged) => $$"""
        {
          "pairs": 20, "judged": {{judged}}, "not_judged": {{20 - judged}}, "evaluations": {},
          "agreement": { "n": 12, "agreement": 0.75, "agreement_ci95": [0.47, 0.91], "kappa": 0.5, "kappa_ci95": [0.1, 0.9] },
          "comparisons": {{(judged == 0 ? "[]" : """[{ "model1": "base", "model2": "feedback", "n": 12, "wins": 4, "ties": 1, "losses": 7, "h": 0.375, "ci95": [0.1, 0.65], "agreement": { "n": 12, "agreement": 0.75, "agreement_ci95": [0.47, 0.91], "kappa": 0.5, "kappa_ci95": [0.1, 0.9] } }]""")}}
        }
        """;

    private string WriteLeakage(int contexts, params string[] items) => _folder.Write("leakage.json", new JsonObject
    {
        ["test"] = new JsonObject { ["contexts"] = contexts },
        ["overlap"] = new JsonObject { ["items"] = new JsonArray([.. items.Select(i => new JsonObject { ["item_id"] = i })]) },
        ["near_duplicates"] = new JsonObject { ["contexts"] = 0 },
    }.ToJsonString());

    private Task<AnalyzeSummary> RunAsync(params string[] paths) => RunAsync(paths, []);

    private Task<AnalyzeSummary> RunAsync(string[] paths, (string Stage, string Path)[] flow) => RunAsync(paths, o => o with { FlowPaths = flow });

    private Task<AnalyzeSummary> RunAsync(string[] paths, Func<AnalyzeOptions, AnalyzeOptions> change) =>
        new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            change(new AnalyzeOptions
            {
                StudyName = "study",
                EvaluationPaths = paths,
                AnalysisPath = _folder["analysis.json"],
                ReportPath = _folder["report.md"],
            }),
            CancellationToken.None);

    private string Write(
        string model1, string model2, int wins, int losses, int ties, int incomplete = 0, int itemsPerConversation = 1, string provider = "sandbox", string judge = "j")
    {
        var rows = new JsonArray();
        Add(wins, "\"outcome\":\"win\"");
        Add(losses, "\"outcome\":\"loss\"");
        Add(ties, "\"outcome\":\"tie\",\"tie_kind\":\"flip_first\"");
        Add(incomplete, "\"outcome\":\"incomplete\",\"incomplete_cause\":\"answer_model1\"");
        var file = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["provider"] = provider,
                ["model1"] = new JsonObject { ["name"] = model1, ["model"] = "x" },
                ["model2"] = new JsonObject { ["name"] = model2, ["model"] = "y" },
                ["judge"] = new JsonObject { ["model"] = judge, ["temperature"] = 0 },
            },
            ["evaluations"] = rows,
        };
        return _folder.Write($"{model1}_vs_{model2}.json", file.ToJsonString());

        void Add(int count, string outcome)
        {
            for (var i = 0; i < count; i++)
            {
                rows.Add(JsonNode.Parse($$"""{"item_id":"i{{rows.Count}}","conversation_id":"c{{rows.Count / itemsPerConversation}}",{{outcome}}}"""));
            }
        }
    }

    private JsonNode Analysis() => JsonNode.Parse(File.ReadAllText(_folder["analysis.json"]))!;

    private string[] ReportLines() => File.ReadAllLines(_folder["report.md"]);
}
