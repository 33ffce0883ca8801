using System.Text.Json.Nodes;
using Cfx.Core.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

/// <summary>Each figure of analysis.json against numbers worked out by hand.</summary>
public sealed class AnalysisFiguresTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task The_judges_reliability_follows_from_the_verdicts_by_slot()
    {
        await RunAsync(Ten("feedback", "alternative"));
        var position = Comparison()["position"]!;

        Assert.That(Number(position["consistency"]), Is.EqualTo(0.7).Within(1e-12), "4 wins, 2 losses, 1 tie twice");
        Assert.That(Number(position["flip_rate"]), Is.EqualTo(0.2).Within(1e-12));
        Assert.That(Number(position["soft_rate"]), Is.EqualTo(0.1).Within(1e-12));
        Assert.That(Number(position["first_slot_bias"]), Is.EqualTo(0.125).Within(1e-12), "(2 + 1/2) / 20");
        Assert.That(Number(position["first_slot_bias_ci95"]![0]), Is.LessThan(0.125));
        Assert.That(Number(position["kappa"]), Is.EqualTo(0.32 / 0.62).Within(1e-12), "agreement 0.7, by chance 0.38");
        Assert.That(Number(position["flip_direction_p"]), Is.EqualTo(0.5).Within(1e-12), "2 to 0");
        Assert.That(Number(Comparison()["h_averaged"]), Is.EqualTo(0.625).Within(1e-12));
    }

    [Test]
    public async Task Turning_a_comparison_turns_the_arms_and_not_the_places()
    {
        await RunAsync(Ten("base", "feedback"));
        var comparison = Comparison();

        Assert.That(Number(comparison["h"]), Is.EqualTo(0.4).Within(1e-12));
        Assert.That(Number(comparison["h_averaged"]), Is.EqualTo(0.375).Within(1e-12));
        Assert.That(Number(comparison["position"]!["first_slot_bias"]), Is.EqualTo(0.125).Within(1e-12));
        Assert.That(Number(comparison["lc"]!["mean_length1"]), Is.EqualTo(5), "the file's model2");
    }

    [Test]
    public async Task Lengths_are_code_points_and_without_variation_the_controlled_rate_is_the_raw_one()
    {
        await RunAsync(Ten("feedback", "alternative"));
        var lc = Comparison()["lc"]!;

        Assert.That((string)lc["status"]!, Is.EqualTo("no_length_variation"));
        Assert.That(((bool)lc["supported"]!, (string)lc["unsupported"]!), Is.EqualTo((false, "no_length_variation")));
        Assert.That(new[] { Number(lc["raw_rate"]), Number(lc["rate"]), Number(lc["mean_length1"]), Number(lc["mean_length2"]), Number(lc["difference"]) },
            Is.EqualTo(new double?[] { 0.6, 0.6, 3, 5, -2 }).Within(1e-12));
        Assert.That(Report(), Does.Contain("unsupported: no length variation"));
    }

    [Test]
    public async Task At_equal_lengths_an_arm_that_wins_by_length_alone_wins_half()
    {
        // 30 longer answers of model1 win, 30 shorter ones lose, with 10 exceptions each way that keep the fit finite.
        var fixture = new EvaluationFixture("feedback", "alternative")
            .Add(50, "A", "B", answer1: new string('x', 200), answer2: new string('x', 100))
            .Add(10, "B", "A", answer1: new string('x', 200), answer2: new string('x', 100))
            .Add(25, "B", "A", answer1: new string('x', 100), answer2: new string('x', 200))
            .Add(5, "A", "B", answer1: new string('x', 100), answer2: new string('x', 200));
        await RunAsync(fixture);
        var lc = Comparison()["lc"]!;

        Assert.That(Number(lc["raw_rate"]), Is.EqualTo(55 / 90.0).Within(1e-12));
        Assert.That(Number(lc["rate"]), Is.EqualTo(0.5).Within(1e-9), "5 to 1 for the longer one on both sides");
        Assert.That((string)lc["status"]!, Is.EqualTo("fitted"));
        Assert.That(Number(lc["length_coefficient"]), Is.Positive, "longer is preferred");
    }

    [Test]
    public async Task Failures_are_bounded_and_an_arm_that_does_not_answer_may_be_held_to_have_lost()
    {
        await RunAsync(Ten("feedback", "alternative").AddIncomplete(2, "answer_model1").AddIncomplete(1, "answer_model2").AddIncomplete(1, "judge_failed"));
        var comparison = Comparison();

        Assert.That((Number(comparison["bounds"]!["h_low"]), Number(comparison["bounds"]!["h_high"])), Is.EqualTo((6 / 14.0, 10 / 14.0)));
        Assert.That((bool)comparison["bounds"]!["conclusion_depends"]!, Is.False);
        Assert.That((long)comparison["unanswered_as_loss"]!["n"]!, Is.EqualTo(13), "the judge's failure stays out");
        Assert.That(Number(comparison["unanswered_as_loss"]!["h"]), Is.EqualTo(7 / 13.0).Within(1e-12));
    }

    [Test]
    public async Task A_conclusion_that_failed_pairs_could_turn_is_said_to_depend_on_them()
    {
        await RunAsync(new EvaluationFixture("feedback", "alternative").Add(75, "A", "B").Add(40, "B", "A").AddIncomplete(50, "judge_failed"));

        Assert.That((bool)Comparison()["bounds"]!["conclusion_depends"]!, Is.True);
        Assert.That(Report(), Does.Contain("| **yes** |"));
    }

    [Test]
    public async Task The_evidence_of_four_to_two_is_seven_sixteenths()
    {
        await RunAsync(Ten("feedback", "alternative"));
        var evidence = Comparison()["e_value"]!;

        Assert.That(Number(evidence["ln_e"]), Is.EqualTo(Math.Log(0.4375)).Within(1e-12), "B(4.5, 2.5) / π · 2⁶ = 315/720");
        Assert.That(Number(evidence["anytime_p"]), Is.EqualTo(1));
        Assert.That(Number(evidence["stopping_ln_e"]), Is.EqualTo(Math.Log(20)).Within(1e-12));
        Assert.That((bool)evidence["may_stop"]!, Is.False);
    }

    [Test]
    public async Task With_fewer_pairs_than_planned_there_is_evidence_but_no_p_value()
    {
        var partial = new EvaluationFixture("feedback", "base").Add(90, "A", "B").Add(10, "B", "A");
        partial.Metadata["planned_pairs"] = 200;
        await RunAsync(partial, new EvaluationFixture("alternative", "base").Add(60, "A", "B").Add(40, "B", "A"));
        var (first, second) = (Comparison(), Comparison(1));

        Assert.That((string)first["verdict"]!, Is.EqualTo("partial: no p-value"));
        Assert.That(((bool)first["partial"]!, (long)first["n_planned"]!), Is.EqualTo((true, 200L)));
        Assert.That(new[] { first["sign_p"], first["sign_log10_p"], first["primary_p"], first["holm_p"] }, Is.All.Null);
        Assert.That(Number(first["e_value"]!["ln_e"]), Is.Positive);
        Assert.That(Number(second["holm_p"]), Is.EqualTo(2 * Number(second["primary_p"])).Within(1e-12), "the partial one still counts as planned");
        Assert.That(Report(), Does.Contain("feedback and base: partial: no p-value").And.Contain("100 of 200 planned pairs, ln E = "));
        Assert.That(Analysis()["deviations"]!.AsArray().Select(d => (string)d!), Has.Some.StartsWith("feedback vs base: 100 of 200 planned pairs"));
    }

    [TestCase(0.3, true)]
    [TestCase(0.05, false)]
    public async Task Equality_is_claimed_only_where_both_one_sided_tests_allow_it(double margin, bool isEqual)
    {
        await RunAsync(o => o with { EquivalenceMargin = margin }, new EvaluationFixture("feedback", "base").Add(20, "A", "B").Add(20, "B", "A").Add(20, "TIE", "TIE"));
        var equivalence = Comparison()["equivalence"]!;

        Assert.That((bool)equivalence["equivalent"]!, Is.EqualTo(isEqual));
        Assert.That(Number(equivalence["p"]) < 0.05, Is.EqualTo(isEqual));
        Assert.That(Report().Contains("are equal to within 0.3", StringComparison.Ordinal), Is.EqualTo(isEqual));
    }

    [TestCase(2, false)]
    [TestCase(1000, true)]
    public async Task Pairs_that_are_all_tied_are_equal_only_when_there_are_enough_of_them(int pairs, bool isEqual)
    {
        await RunAsync(o => o with { EquivalenceMargin = 0.05 }, new EvaluationFixture("feedback", "base").Add(pairs, "TIE", "TIE"));

        Assert.That((bool)Comparison()["equivalence"]!["equivalent"]!, Is.EqualTo(isEqual));
        Assert.That(Number(Comparison()["equivalence"]!["p"]), Is.Positive, "no variation seen is not certainty");
    }

    [Test]
    public async Task Two_conversations_are_two_however_many_pairs_they_gave()
    {
        await RunAsync(new EvaluationFixture("feedback", "alternative").Add(50, "A", "B", conversation: "one").Add(50, "A", "B", conversation: "two"));
        var comparison = Comparison();

        Assert.That(Number(comparison["ci95"]![0]), Is.EqualTo(0.342380).Within(1e-6), "Wilson's for 2 of 2");
        Assert.That(Number(comparison["wilson95"]![0]), Is.EqualTo(0.342380).Within(1e-6));
        Assert.That(Number(comparison["bounds"]!["ci95"]![0]), Is.EqualTo(0.342380).Within(1e-6));
        Assert.That(Number(comparison["unanswered_as_loss"]!["ci95"]![0]), Is.EqualTo(0.342380).Within(1e-6));
        Assert.That(Number(comparison["position"]!["consistency_ci95"]![0]), Is.EqualTo(0.342380).Within(1e-6));
        Assert.That((long)comparison["power"]!["pairs"]!, Is.EqualTo(2));
        Assert.That(comparison["mde"], Is.Null, "two conversations find nothing");
    }

    [Test]
    public async Task Every_error_grows_where_pairs_of_a_conversation_are_alike()
    {
        // Twenty conversations of ten equal pairs each, against two hundred conversations of one.
        EvaluationFixture One(bool alike)
        {
            var fixture = new EvaluationFixture("feedback", "alternative");
            string[][] kinds = [["A", "B"], ["B", "A"], ["A", "A"], ["A", "TIE"], ["TIE", "TIE"]];
            for (var i = 0; i < 20; i++)
            {
                fixture.Add(10, kinds[i % 5][0], kinds[i % 5][1], conversation: alike ? $"c{i}" : null);
            }

            return fixture.AddIncomplete(10, "answer_model1", alike ? "c20" : null);
        }

        await RunAsync(One(alike: false));
        var apart = Comparison();
        await RunAsync(One(alike: true));
        var together = Comparison();

        // 20 or 21 units instead of 200 or 210: a factor of 3.2 in each error, less where an end is cut off.
        foreach (var path in new[] { "ci95", "wilson95", "failure_ci95", "unanswered_as_loss.ci95", "bounds.ci95", "position.consistency_ci95", "position.flip_ci95", "position.soft_ci95", "position.kappa_ci95", "position.first_slot_bias_ci95" })
        {
            Assert.That(Width(together, path) / Width(apart, path), Is.InRange(path == "bounds.ci95" ? 1.5 : 2.2, 4.5), path);
        }

        Assert.That(Number(together["se_averaged"]) / Number(apart["se_averaged"]), Is.EqualTo(Math.Sqrt(199 / 19.0)).Within(1e-9));
        Assert.That(Number(together["position"]!["flip_direction_p"]), Is.EqualTo(0.125).Within(1e-12), "4 conversations to 0");
        Assert.That(together["bootstrap_decided"]!["ci95"], Is.Not.Null);
        Assert.That(apart["bootstrap_decided"], Is.Null);
        Assert.That(together["clusters"]!["as_independent"]!.AsArray().Select(n => (string)n!), Is.EqualTo(new[] { "sign_p", "sign_log10_p" }));

        static double Width(JsonObject comparison, string path)
        {
            var interval = path.Split('.').Aggregate((JsonNode)comparison, (node, name) => node[name]!);
            return (double)interval[1]! - (double)interval[0]!;
        }
    }

    [Test]
    public async Task Equality_is_not_spoken_of_unless_asked_about()
    {
        await RunAsync(Ten("feedback", "alternative"));

        Assert.That(Comparison()["equivalence"], Is.Null);
    }

    [Test]
    public async Task A_difference_that_is_not_significant_stands_beside_the_one_that_could_be_seen()
    {
        // 100 pairs without ties, three comparisons.
        await RunAsync(
            new EvaluationFixture("feedback", "base").Add(50, "A", "B").Add(50, "B", "A"),
            new EvaluationFixture("alternative", "base").Add(50, "A", "B").Add(50, "B", "A"),
            new EvaluationFixture("feedback", "alternative").Add(50, "A", "B").Add(50, "B", "A"));

        Assert.That(Number(Comparison()["mde"]), Is.EqualTo(0.160).Within(5e-4));
        Assert.That((long)Comparison()["power"]!["pairs_needed"]!["0.05"]!, Is.EqualTo(1045), "((1.197 + 0.8416 · √0.2475) / 0.05)²");
        Assert.That(Report(), Does.Contain("no significant difference (detectable: ±0.160)"));
    }

    [Test]
    public async Task Two_arms_are_rated_by_the_closed_form()
    {
        await RunAsync(new EvaluationFixture("feedback", "alternative").Add(40, "A", "B").Add(20, "B", "A").Add(40, "TIE", "TIE"));
        var davidson = Analysis()["davidson"]!;

        Assert.That(davidson["arms"]!.ToJsonString(), Is.EqualTo("""["feedback","alternative"]"""));
        Assert.That(Number(davidson["theta"]![1]), Is.EqualTo(-Math.Log(2)).Within(1e-9), "4 to 2");
        Assert.That((bool)davidson["regularised"]!, Is.False);
        Assert.That(Number(davidson["nu"]), Is.EqualTo(4 / Math.Sqrt(8)).Within(1e-9));
        Assert.That(Number(davidson["elo"]![1]), Is.EqualTo(-120.41).Within(0.01));
        Assert.That(Number(davidson["ci"]![1]![0]), Is.LessThan(-120));
        Assert.That(Report(), Does.Contain("## Ratings"));
    }

    [Test]
    public async Task Ratings_that_resampling_loses_too_often_are_drawn_together_and_it_is_said()
    {
        await RunAsync(Ten("feedback", "alternative"));

        Assert.That(Number(Analysis()["davidson"]!["theta"]![1]), Is.EqualTo(-Math.Log(4.5 / 2.5)).Within(1e-9), "half a win and half a loss more");
        Assert.That(Analysis()["deviations"]!.AsArray().Select(d => (string)d!), Has.Some.Contains("pseudo-count"));
    }

    [Test]
    public async Task Arms_that_met_the_same_third_are_compared_within_contexts()
    {
        await RunAsync(
            new EvaluationFixture("feedback", "base").Add(2, "A", "B").Add(1, "TIE", "TIE").Add(1, "B", "A"),
            new EvaluationFixture("alternative", "base").Add(1, "B", "A").Add(1, "A", "B").Add(2, "TIE", "TIE"),
            new EvaluationFixture("feedback", "alternative").Add(4, "TIE", "TIE"));
        var paired = Analysis()["paired_differences"]!.AsArray().Single()!;

        Assert.That(((string)paired["first"]!, (string)paired["second"]!, (string)paired["reference"]!), Is.EqualTo(("feedback", "alternative", "base")));
        Assert.That(Number(paired["difference"]), Is.EqualTo(0.125).Within(1e-12), "1, 0, 0, -1/2");
        Assert.That(Number(paired["se"]), Is.EqualTo(Math.Sqrt(1.1875 / 3 / 4)).Within(1e-12));
    }

    [Test]
    public async Task Groups_are_counted_apart_and_marked_as_exploratory()
    {
        await RunAsync(new EvaluationFixture("feedback", "alternative").Add(3, "A", "B", "UR5", exchanges: 1).Add(2, "B", "A", "UR2", exchanges: 2).Add(1, "TIE", "TIE", "UR2", exchanges: 7));
        var groups = Comparison()["subgroups"]!.AsArray();

        Assert.That(groups.Select(g => (string)g!["dimension"]!), Is.EqualTo(new[] { "category", "exchanges", "prompt_length" }));
        Assert.That(groups.Select(g => (bool)g!["exploratory"]!), Is.All.True);
        Assert.That(groups[0]!["groups"]!.AsArray().Select(g => $"{g!["group"]} {g["wins"]} {g["ties"]} {g["losses"]}"), Is.EqualTo(new[] { "UR2 0 1 2", "UR5 3 0 0" }));
        Assert.That(groups[1]!["groups"]!.AsArray().Select(g => $"{g!["group"]} {g["n"]}"), Is.EqualTo(new[] { "1 3", "2 2", "3 or more 1" }));
        Assert.That(groups[2]!["groups"]!.AsArray(), Has.Count.EqualTo(3), "prompts of 10 to 15 characters");
        Assert.That(Report(), Does.Contain("## Groups (exploratory)"));
    }

    [Test]
    public async Task The_bootstrap_is_seeded_and_can_be_switched_off()
    {
        await RunAsync(Ten("feedback", "alternative"));
        var (first, again) = (Comparison()["bootstrap"]!, await Again(o => o));
        var (other, none) = (await Again(o => o with { Seed = 8 }), await Again(o => o with { BootstrapReplicates = 0 }));

        Assert.That((int)first["replicates"]!, Is.EqualTo(10_000));
        Assert.That(Number(first["ci95"]![0]), Is.InRange(0.2, 0.6));
        Assert.That(again.ToJsonString(), Is.EqualTo(first.ToJsonString()));
        Assert.That(other.ToJsonString(), Is.Not.EqualTo(first.ToJsonString()));
        Assert.That(((string)none["status"]!, none["ci95"]), Is.EqualTo(("off", (JsonNode?)null)));
        Assert.That(Analysis()["davidson"]!["ci"]!.AsArray(), Is.Empty);

        async Task<JsonNode> Again(Func<AnalyzeOptions, AnalyzeOptions> change)
        {
            await RunAsync(change, Ten("feedback", "alternative"));
            return Comparison()["bootstrap"]!;
        }
    }

    [Test]
    public async Task What_became_of_the_records_is_one_table()
    {
        var filter = _folder.Write("filter.json", """{"read":10,"kept":{"total":6,"UR2":6},"left_out":{"total":3,"UR1":3},"duplicates":1,"rejected":{"total":0}}""");
        var split = _folder.Write("split.json", """{"items":{"total":6,"train":3,"validation":1,"test":2},"left_out":0}""");
        var prepare = _folder.Write("prepare.json", """{"left_out_items":2,"arms":{"feedback":{"training":1,"validation":1}}}""");
        var processed = _folder.WriteLines("feedback.jsonl", """{"status":"improved"}""", """{"status":"declined"}""", """{"status":"kept"}""", """{"status":"cut_off"}""");
        await RunAsync(
            o => o with { FlowPaths = [("Filter", filter), ("Split", split), ("Prepare", prepare)], ProcessedPaths = [("feedback", processed), ("alternative", _folder["none.jsonl"])] },
            Ten("feedback", "alternative"));

        Assert.That(Analysis()["flow_table"]!.AsArray().Select(r => $"{r!["stage"]}: {r["what"]} {r["count"]}"), Is.EqualTo(new[]
        {
            "Filter: read 10", "Filter: kept 6", "Filter: kept: UR2 6", "Filter: left out by category 3", "Filter: left out by category: UR1 3", "Filter: duplicates 1", "Filter: rejected 0",
            "Split: train 3", "Split: validation 1", "Split: test 2", "Split: left out (would join two sides) 0",
            "Process: feedback: improved 1", "Process: feedback: kept 1", "Process: feedback: declined 1", "Process: feedback: failed 0", "Process: feedback: cut off 1",
            "Prepare: left out of every arm 2", "Prepare: feedback: training 1", "Prepare: feedback: validation 1",
            "Evaluate: feedback vs alternative: test contexts 10", "Evaluate: feedback vs alternative: complete pairs 10",
        }));
    }

    [Test]
    public async Task The_methods_paragraph_tells_this_studys_numbers_and_the_split_its_hash()
    {
        await RunAsync(o => o with { Run = new JsonObject { ["tool_version"] = "Cfx 9", ["git_commit"] = "123" } }, Ten("feedback", "alternative"));

        Assert.That((string)Analysis()["methods"]!, Does.Contain("up to 10 contexts (1 planned comparison)").And.Contain("(j, temperature 0)").And.Contain("B = 10000, seed 7").And.Contain("Holm"));
        Assert.That((string)Analysis()["split_hash"]!, Is.EqualTo("abc"));
        Assert.That(Report(), Does.Contain("Cfx 9, commit `123`"));
    }

    // 4 wins, 2 losses, 1 tie twice, 2 flips to the first slot, 1 win with a tie.
    private static EvaluationFixture Ten(string model1, string model2) => new EvaluationFixture(model1, model2)
        .Add(4, "A", "B").Add(2, "B", "A").Add(1, "TIE", "TIE").Add(2, "A", "A").Add(1, "A", "TIE");

    private static double? Number(JsonNode? node) => (double?)node;

    private Task<AnalyzeSummary> RunAsync(params EvaluationFixture[] files) => RunAsync(o => o, files);

    private Task<AnalyzeSummary> RunAsync(Func<AnalyzeOptions, AnalyzeOptions> change, params EvaluationFixture[] files) =>
        new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            change(new AnalyzeOptions
            {
                StudyName = "study",
                EvaluationPaths = [.. files.Select(f => f.Write(_folder))],
                AnalysisPath = _folder["analysis.json"],
                ReportPath = _folder["report.md"],
                Seed = 7,
            }),
            CancellationToken.None);

    private JsonObject Analysis() => _folder.Json("analysis.json");

    private JsonObject Comparison(int index = 0) => Analysis()["comparisons"]![index]!.AsObject();

    private string Report() => File.ReadAllText(_folder["report.md"]);
}
