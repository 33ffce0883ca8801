using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>Stage targets with files of their own, as the scripts before them were used: each step feeds the next.</summary>
public sealed partial class ScriptCommandTests
{
    private Checkout _checkout = null!;
    private Run _processed = null!;
    private Run _pending = null!;
    private Run _tuned = null!;
    private string _model = null!;

    [OneTimeSetUp]
    public void Ten_conversations_are_processed_and_trained_on()
    {
        _checkout = OneTime.Baseline.CloneUnmade();
        _processed = _checkout.Build("--target=Process", "--method=feedback", "-n", "10", "-o", "data/test_feedback.json");
        _pending = _checkout.Build("--target=FineTune", "-i", "data/test_feedback.json", "--no-monitor", "--suffix", "test");
        _tuned = _checkout.Build("--target=FineTune", "-i", "data/test_feedback.json", "--suffix", "test");
        _model = Directory.GetFiles(_checkout["models"], "*_finetune_*.json")
            .Select(f => (string?)JsonNode.Parse(File.ReadAllText(f))!["output_model"]).SingleOrDefault() ?? "none";
    }

    [OneTimeTearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void Process_writes_an_array_of_as_many_records_as_asked_for()
    {
        Assert.That(_processed.ExitCode, Is.Zero, _processed.ToString());
        Assert.That(_processed.Executed, Is.EqualTo(new[] { "Filter", "Split", "Process" }));
        var records = _checkout.Json("data/test_feedback.json").AsArray();
        Assert.That(records, Has.Count.EqualTo(10));
        Assert.That(records.Where(r => (bool)r!["improved"]!), Is.Not.Empty);
        foreach (var record in records.Select(r => r!.AsObject()))
        {
            Assert.That((string)record["item_id"]!, Is.Not.Empty);
            Assert.That((string)record["conversation_id"]!, Is.Not.Empty);
            Assert.That(record.ContainsKey("category") && record.ContainsKey("status"), Is.True, record.ToJsonString());
            if (!(bool)record["improved"]!)
            {
                Assert.That((string)record["status"]!, Is.Not.EqualTo("improved"), record.ToJsonString());
                continue;
            }

            var last = record["conversation_context"]!.AsArray()[^1]!;
            Assert.That((string)last["role"]!, Is.EqualTo("assistant"));
            Assert.That((string)last["content"]!, Is.Not.EqualTo((string)record["original_assistant_response"]!));
            Assert.That((string)record["generation_method"]!, Is.EqualTo("feedback_based"));
            Assert.That((string)record["improvement_timestamp"]!, Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*(Z|\+00:00)$"));
        }
    }

    [Test]
    public void Without_monitoring_a_job_is_left_pending_and_the_exit_code_says_so()
    {
        Assert.That(_pending.ExitCode, Is.EqualTo(3), _pending.ToString());
        Assert.That(_pending.Statuses, Is.EqualTo(new Dictionary<string, string> { ["FineTune"] = "Pending" }));
        Assert.That(_pending.Output, Does.Contain($"Pending (Job {JobId(_pending)} ").And.Contain("without --no-monitor"));
    }

    [Test]
    public void The_next_run_follows_the_same_job_and_tells_its_model()
    {
        Assert.That(_tuned.ExitCode, Is.Zero, _tuned.ToString());
        Assert.That(JobId(_tuned), Is.EqualTo(JobId(_pending)));
        Assert.That(_tuned.Output, Does.Contain($"The tuned model is {_model}"));
        Assert.That(_model, Does.Contain("test"));
        Assert.That(Directory.GetFiles(_checkout[".cfx/sandbox/jobs"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void Each_event_of_the_job_is_told_once()
    {
        var told = (_pending.Output + _tuned.Output).Split('\n').Where(l => l.StartsWith("test_feedback: ", StringComparison.Ordinal)).ToList();

        Assert.That(told, Is.Unique);
        Assert.That(told, Has.Some.Contains("Epoch 3/3"));
    }

    [Test]
    public void The_same_training_again_is_up_to_date()
    {
        var run = _checkout.Build("--target=FineTune", "-i", "data/test_feedback.json", "--suffix", "test");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Statuses["FineTune"], Is.EqualTo("Up to date"));
    }

    [Test]
    public void Two_models_are_compared_by_name_on_the_test_side()
    {
        var run = _checkout.Build("--target=Evaluate", "-m1", "sandbox/small", "-m2", _model, "-j", "sandbox/judge", "-n", "10", "-o", "results/by_name.json");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Executed, Is.EqualTo(new[] { "Evaluate" }));
        var comparison = _checkout.Json("results/by_name.json");
        Assert.That(comparison.AsObject().Select(p => p.Key), Is.SupersetOf(new[] { "metadata", "summary", "statistics", "evaluations" }));
        var test = _checkout.Lines("data/study-sandbox/test_items.jsonl").Select(l => (string)l["item_id"]!).ToHashSet(StringComparer.Ordinal);
        AssertEvaluations(comparison, test);
    }

    [Test]
    public void Two_models_are_compared_on_the_conversations_of_a_processed_file()
    {
        var run = _checkout.Build("--target=Evaluate", "-m1", "sandbox/small", "-m2", _model, "-c", "data/test_feedback.json", "-n", "10", "-o", "results/on_file.json");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var given = _checkout.Json("data/test_feedback.json").AsArray().Select(r => (string)r!["item_id"]!).ToHashSet(StringComparer.Ordinal);
        AssertEvaluations(_checkout.Json("results/on_file.json"), given);
    }

    [Test]
    public void A_model_that_is_judged_on_what_it_was_trained_on_is_told_on_the_console_and_in_the_file()
    {
        var run = _checkout.Build("--target=Evaluate", "-m1", "sandbox/small", "-m2", _model, "-c", "data/test_feedback.json", "-n", "10", "-o", "results/seen.json");
        var untrained = _checkout.Build("--target=Evaluate", "-m1", "sandbox/small", "-m2", "sandbox/large", "-c", "data/test_feedback.json", "-n", "10", "-o", "results/unseen.json");

        Assert.That((run.ExitCode, untrained.ExitCode), Is.EqualTo((0, 0)), run.ToString() + untrained);
        var warnings = _checkout.Json("results/seen.json")["metadata"]!["warnings"]!.AsArray().Select(w => (string)w!).ToList();
        Assert.That(warnings, Has.One.Contains("contexts of test_feedback.json stand in files that a contestant was trained on (test_feedback_training.jsonl"));
        Assert.That(run.Output + run.Error, Does.Contain("contexts of test_feedback.json stand in files"));
        Assert.That(_checkout.Json("results/unseen.json")["metadata"]!["warnings"]?.ToJsonString() ?? string.Empty, Does.Not.Contain("trained on"));
    }

    [Test]
    public void A_file_to_judge_on_without_models_is_refused()
    {
        var run = _checkout.Build("--target=Evaluate", "-c", "data/test_feedback.json");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.Contain("--model1").And.Contain("--model2"));
    }

    [Test]
    public void In_a_study_n_means_items_for_processing_and_i_the_conversations()
    {
        var run = _checkout.Build("--target=Study", "-n", "5", "-i", "data/conversations.json", "--explain");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
    }

    private static void AssertEvaluations(JsonNode comparison, HashSet<string> items)
    {
        var evaluations = comparison["evaluations"]!.AsArray();
        Assert.That(evaluations, Has.Count.EqualTo(10));
        foreach (var evaluation in evaluations)
        {
            Assert.That(items, Does.Contain((string)evaluation!["item_id"]!));
            Assert.That(evaluation["judgments"]!.AsArray().Select(j => (string)j!["order"]!), Is.EquivalentTo(new[] { "normal", "reversed" }));
            Assert.That((string)evaluation["model1_response"]!, Is.Not.Empty);
            Assert.That((string)evaluation["model2_response"]!, Is.Not.Empty);
        }
    }

    private static string JobId(Run run) => Job().Match(run.Output).Value;

    [GeneratedRegex(@"\bft-\w+")]
    private static partial Regex Job();
}
