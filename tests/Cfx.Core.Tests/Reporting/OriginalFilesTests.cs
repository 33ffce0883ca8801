using System.Text.Json.Nodes;
using Cfx.Core.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

/// <summary>Files as the original scripts wrote them: one order a pair, verdicts already turned.</summary>
public sealed class OriginalFilesTests
{
    // Model1 in slot A: A, A, TIE, B. Model2 in slot A: A, B. One pair without a verdict, one without an order.
    private const string Old = """
        {
          "metadata": {"model1": "acct/llama:tuned", "model2": "meta/llama", "judge_model": "judge", "timestamp": "2024-06-01T10:00:00"},
          "evaluations": [
            {"conversation_id": "c1", "status": "success", "context": [{"role": "user", "content": "Why?"}], "model1_response": "Because.", "model2_response": "No.", "judgment": "A", "winner": "model1", "order": "normal"},
            {"conversation_id": "c2", "status": "success", "context": [{"role": "user", "content": "Why?"}], "model1_response": "Because.", "model2_response": "No.", "judgment": "A", "winner": "model1", "order": "normal"},
            {"conversation_id": 3, "status": "success", "context": [], "model1_response": "x", "model2_response": "x", "judgment": "TIE", "winner": "tie", "order": "normal"},
            {"conversation_id": "c4", "status": "success", "context": "[user] hi", "model1_response": "x", "model2_response": "y", "judgment": "B", "winner": "model2", "order": "normal"},
            {"conversation_id": "c5", "status": "success", "context": [], "model1_response": "x", "model2_response": "y", "judgment": "A", "winner": "model1", "order": "reversed"},
            {"conversation_id": "c6", "status": "success", "context": [], "model1_response": "x", "model2_response": "y", "winner": "meta/llama", "order": "reversed"},
            {"conversation_id": "c7", "status": "error", "context": [], "error": "no reply"},
            {"conversation_id": "c8", "status": "success", "context": [], "model1_response": "x", "model2_response": "y", "judgment": "A", "winner": "model1"}
          ]
        }
        """;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Both_orders_weigh_the_same()
    {
        await RunAsync(_folder.Write("old.json", Old));
        var comparison = Comparison();

        Assert.That(((string)comparison["model1"]!, (string)comparison["model2"]!), Is.EqualTo(("acct/llama:tuned", "meta/llama")));
        Assert.That(((long)comparison["n"]!, (long)comparison["wins"]!, (long)comparison["ties"]!["total"]!, (long)comparison["losses"]!), Is.EqualTo((6L, 3L, 1L, 2L)));
        Assert.That((double)comparison["h"]!, Is.EqualTo(0.5625).Within(1e-12), "(2.5/4 + 1/2) / 2");
        Assert.That((double)comparison["position"]!["first_slot_bias"]!, Is.EqualTo(0.0625).Within(1e-12));
        Assert.That((double)comparison["position"]!["pooled_h"]!, Is.EqualTo(3.5 / 6).Within(1e-12));
        Assert.That((double)comparison["se"]!, Is.EqualTo(Math.Sqrt((0.6875 / 3 / 4) + 0.25) / 2).Within(1e-12));
        Assert.That((string)comparison["primary_test"]!, Is.EqualTo("order_permutation"));
    }

    [Test]
    public async Task What_one_order_cannot_tell_is_null_and_what_has_no_verdict_is_counted()
    {
        await RunAsync(_folder.Write("old.json", Old));
        var comparison = Comparison();

        Assert.That(new[] { comparison["order_consistency"], comparison["flip_rate"], comparison["h_averaged"], comparison["e_value"] }, Is.All.Null);
        Assert.That((long)comparison["n_failed"]!["total"]!, Is.EqualTo(2));
        Assert.That(comparison["warnings"]!.AsArray().Select(w => (string)w!), Has.Some.StartsWith("1 pairs do not tell in which order"));
        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Contain("judged in one order each").And.Not.Contain("NaN"));
    }

    [Test]
    public async Task The_methods_of_pairs_judged_once_speak_of_no_t_interval()
    {
        await RunAsync(_folder.Write("old.json", Old));

        Assert.That((string)_folder.Json("analysis.json")["methods"]!, Does.Contain("put together from those of the two orders").And.Not.Contain("Student's t intervals"));
    }

    [Test]
    public async Task The_rate_at_equal_lengths_stands_beside_the_headline_and_not_beside_the_pull_of_the_place()
    {
        await RunAsync(_folder.Write("uneven.json", Pairs((35, 10, 15), (5, 5, 10))));
        var (comparison, lengths) = (Comparison(), Comparison()["lc"]!);

        Assert.That((double)lengths["raw_rate"]!, Is.EqualTo((double)comparison["h"]!).Within(1e-12));
        Assert.That((double)lengths["raw_rate"]!, Is.Not.EqualTo((double)comparison["position"]!["pooled_h"]!).Within(1e-3));
        Assert.That(lengths["order_coefficient"], Is.Not.Null);
    }

    [Test]
    public async Task A_log_of_one_order_alone_has_no_rate_at_equal_lengths_either()
    {
        await RunAsync(_folder.Write("normal.json", Pairs((45, 10, 25), (0, 0, 0))));
        var lengths = Comparison()["lc"]!;

        Assert.That((string)lengths["unsupported"]!, Is.EqualTo("one_order"));
        Assert.That(new[] { Comparison()["h"], lengths["raw_rate"], lengths["rate"], lengths["se"], lengths["ci95"] }, Is.All.Null);
        Assert.That((double)lengths["mean_length1"]!, Is.Positive, "what the answers are is known");
    }

    [Test]
    public async Task The_methods_name_each_test_that_was_made()
    {
        await RunAsync(
            o => o with { EquivalenceMargin = 0.1 },
            _folder.Write("old.json", Old),
            new EvaluationFixture("a", "b").Add(30, "A", "B").Add(10, "B", "A").Write(_folder));
        var methods = (string)_folder.Json("analysis.json")["methods"]!;

        Assert.That(methods, Does.Contain("the exact two-sided sign test on won and lost pairs, or, where pairs were judged in one order, by an exact two-sided permutation test"));
        Assert.That(methods, Does.Contain("t tests or, where the rate has no Student's t interval, read from its interval (Schuirmann 1987)"));
        Assert.That(File.ReadAllText(_folder["report.html"]), Does.Contain("In some comparisons every pair was judged in both orders."));
    }

    [Test]
    public async Task A_page_of_one_order_does_not_say_that_the_place_cancels_where_nothing_does()
    {
        await RunAsync(_folder.Write("normal.json", Pairs((45, 10, 25), (0, 0, 0))));

        Assert.That(File.ReadAllText(_folder["report.html"]), Does.Contain("Each pair was judged in one order. Where both orders occur among them").And.Not.Contain("half of them"));
    }

    [Test]
    public async Task Old_and_new_files_are_adjusted_together_and_any_names_will_do()
    {
        await RunAsync(
            _folder.Write("old.json", Old),
            new EvaluationFixture("a", "b").Add(30, "A", "B").Add(10, "B", "A").Write(_folder));

        Assert.That((double)Comparison(1)["holm_p"]!, Is.EqualTo(2 * (double)Comparison(1)["primary_p"]!).Within(1e-12));
        Assert.That(_folder.Json("analysis.json")["davidson"]!["arms"]!.ToJsonString(), Is.EqualTo("""["a","b"]"""), "pairs of one order are in no rating");
    }

    [Test]
    public async Task A_base_named_first_is_turned_with_its_order()
    {
        await RunAsync(_folder.Write("old.json", Old.Replace("acct/llama:tuned", "base", StringComparison.Ordinal)));

        Assert.That((string)Comparison()["model2"]!, Is.EqualTo("base"));
        Assert.That((double)Comparison()["h"]!, Is.EqualTo(0.4375).Within(1e-12));
        Assert.That((double)Comparison()["position"]!["first_slot_bias"]!, Is.EqualTo(0.0625).Within(1e-12), "a place stays a place");
    }

    [Test]
    public async Task Pairs_of_one_order_alone_give_no_estimate()
    {
        await RunAsync(_folder.Write("old.json", Old.Replace("\"reversed\"", "\"normal\"", StringComparison.Ordinal)));

        Assert.That(Comparison()["h"], Is.Null);
        Assert.That((string)Comparison()["verdict"]!, Is.EqualTo("no data"));
        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Contain("no estimate"));
    }

    [Test]
    public async Task Pairs_of_one_order_alone_give_no_p_value()
    {
        await RunAsync(_folder.Write("old.json", Pairs((7, 1, 2), (0, 0, 0))));

        Assert.That(new[] { Comparison()["primary_p"], Comparison()["primary_log10_p"], Comparison()["holm_p"] }, Is.All.Null, "nothing to test is not p = 1");
    }

    [Test]
    public async Task An_arm_that_wins_every_pair_in_both_orders_is_better()
    {
        await RunAsync(_folder.Write("old.json", Pairs((100, 0, 0), (100, 0, 0))));

        Assert.That((string)Comparison()["verdict"]!, Is.EqualTo("better"));
        Assert.That((double)Comparison()["primary_log10_p"]!, Is.EqualTo(-58.656).Within(0.001), "2 of C(200, 100) ways");
        Assert.That((double)Comparison()["ci95"]![0]!, Is.InRange(0.9, 1));
        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Contain("answers better than").And.Contain("log10 p = -58.7"));
    }

    // A z test says p = 0.0455 of the first and 0.0027 of the second.
    [TestCase(1, 0, 2, 0, 0, 2)]
    [TestCase(1, 1, 0, 2, 0, 0)]
    [TestCase(2, 0, 0, 2, 0, 0)]
    public async Task A_handful_of_pairs_decides_nothing(int won1, int tied1, int lost1, int won2, int tied2, int lost2)
    {
        await RunAsync(_folder.Write("old.json", Pairs((won1, tied1, lost1), (won2, tied2, lost2))));
        var interval = Comparison()["ci95"]!;

        Assert.That((string)Comparison()["verdict"]!, Is.EqualTo("no significant difference"));
        Assert.That((double)Comparison()["primary_p"]!, Is.GreaterThan(0.15));
        Assert.That((double)interval[0]!, Is.LessThan(0.5));
        Assert.That((double)interval[1]!, Is.GreaterThan(0.5));
    }

    [Test]
    public async Task A_judge_that_only_sees_places_makes_no_difference()
    {
        // The first-shown answer always wins; model1 stood first three times in four.
        await RunAsync(_folder.Write("old.json", Pairs((90, 0, 0), (0, 0, 30))));

        Assert.That((double)Comparison()["h"]!, Is.EqualTo(0.5));
        Assert.That((double)Comparison()["primary_p"]!, Is.EqualTo(1));
        Assert.That((double)Comparison()["position"]!["first_slot_bias_p"]!, Is.LessThan(1e-20));
    }

    [Test]
    public async Task Figures_that_would_carry_the_pull_of_the_place_are_left_out()
    {
        await RunAsync(_folder.Write("old.json", Pairs((60, 5, 25), (20, 5, 15))));
        var comparison = Comparison();
        string[] pooled = ["sign_p", "sign_log10_p", "win_rate", "loss_rate", "decisive_rate", "wilson95", "bounds", "unanswered_as_loss", "mde", "power"];

        Assert.That(pooled.Where(name => comparison[name] is not null), Is.Empty);
        Assert.That(comparison["subgroups"]!.AsArray(), Is.Empty);
        Assert.That(_folder.Json("analysis.json")["davidson"], Is.Null);
        Assert.That(comparison["warnings"]!.AsArray().Select(w => (string)w!), Has.Some.Contains("in no rating and no group"));
        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Not.Contain("NaN").And.Not.Contain("So few decided pairs"));
    }

    [Test]
    public async Task Names_may_stand_in_the_files_name()
    {
        await RunAsync(_folder.Write("one_vs_two.json", Old.Replace("model1\": \"acct", "m\": \"acct", StringComparison.Ordinal)));

        Assert.That(((string)Comparison()["model1"]!, (string)Comparison()["model2"]!), Is.EqualTo(("one", "two")));
    }

    [Test]
    public void A_file_of_both_layouts_is_refused() => Assert.That(
        () => RunAsync(_folder.Write("mixed.json", """
            {"metadata":{"model1":"a","model2":"b"},"evaluations":[
              {"conversation_id":"c","status":"success","judgment":"A","winner":"model1","order":"normal"},
              {"item_id":"i","conversation_id":"d","outcome":"win"}]}
            """)),
        Throws.TypeOf<MisuseException>().With.Message.Contains("mixed.json").And.Message.Contains("mixes"));

    private Task<AnalyzeSummary> RunAsync(params string[] paths) => RunAsync(o => o, paths);

    private Task<AnalyzeSummary> RunAsync(Func<AnalyzeOptions, AnalyzeOptions> change, params string[] paths) =>
        new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            change(new AnalyzeOptions
            {
                StudyName = "old",
                EvaluationPaths = paths,
                AnalysisPath = _folder["analysis.json"],
                ReportPath = _folder["report.md"],
                HtmlReportPath = _folder["report.html"],
            }),
            CancellationToken.None);

    /// <summary>A file with so many pairs won, tied and lost by model1 when it stood first, and when it stood second.</summary>
    private static string Pairs((int Won, int Tied, int Lost) first, (int Won, int Tied, int Lost) second)
    {
        var rows = new JsonArray();
        foreach (var (order, (won, tied, lost)) in new[] { ("normal", first), ("reversed", second) })
        {
            foreach (var judgment in Enumerable.Repeat("A", won).Concat(Enumerable.Repeat("TIE", tied)).Concat(Enumerable.Repeat("B", lost)))
            {
                rows.Add((JsonNode)new JsonObject
                {
                    ["conversation_id"] = $"c{rows.Count}",
                    ["status"] = "success",
                    ["context"] = new JsonArray(),
                    ["model1_response"] = new string('x', 1 + (rows.Count % 7)),
                    ["model2_response"] = new string('y', 1 + (rows.Count % 5)),
                    ["judgment"] = judgment,
                    ["order"] = order,
                });
            }
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["model1"] = "tuned", ["model2"] = "base" }, ["evaluations"] = rows }.ToJsonString();
    }

    private JsonObject Comparison(int index = 0) => _folder.Json("analysis.json")["comparisons"]![index]!.AsObject();
}
