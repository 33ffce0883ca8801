using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>After one change the study makes again what depends on it, and nothing else.</summary>
public sealed class ChangeTests
{
    private Checkout _checkout = null!;

    [SetUp]
    public void A_finished_study() => _checkout = OneTime.Baseline.Clone();

    [TearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void Another_judge_means_judging_and_analysing_again()
    {
        _checkout.Edit("study.json", "\"test-size\": 20", "\"test-size\": 20, \"judge\": \"sandbox/large\"");

        var explained = Explain();
        Assert.That(explained.WouldRun, Is.EqualTo(Targets.FromEvaluate), explained.ToString());
        Assert.That(explained.Output, Does.Contain("evaluate-judge sandbox/judge → sandbox/large"));
        Assert.That(Study().Executed, Is.EqualTo(Targets.FromEvaluate));
    }

    [Test]
    public void Another_number_of_epochs_means_training_again_and_all_after_it()
    {
        _checkout.Edit("study.json", "\"evaluate\"", "\"finetune\": { \"epochs\": 4 }, \"evaluate\"");
        var before = _checkout.Snapshot();

        var explained = Explain();
        Assert.That(explained.WouldRun, Is.EqualTo(Targets.FromFineTune), explained.ToString());
        Assert.That(explained.Output, Does.Contain("finetune-epochs 3 → 4"));
        var run = Study();
        Assert.That(run.Executed, Is.EqualTo(Targets.FromFineTune), run.ToString());
        Assert.That(_checkout.Snapshot()["results/study-sandbox/responses/base.jsonl"], Is.EqualTo(before["results/study-sandbox/responses/base.jsonl"]));
    }

    [Test]
    public void Another_judge_prompt_means_judging_and_analysing_again()
    {
        File.AppendAllText(_checkout["prompts/judge.txt"], "Weigh both fairly.\n");

        var explained = Explain();
        Assert.That(explained.WouldRun, Is.EqualTo(Targets.FromEvaluate), explained.ToString());
        Assert.That(explained.Output, Does.Match(@"prompts/judge\.txt \w{8} → \w{8}: line \d+ '.*' → 'Weigh both fairly\.'"));
        Assert.That(Study().Executed, Is.EqualTo(Targets.FromEvaluate));
    }

    [TestCase("feedback", "Process-Feedback", "Process-Alternative")]
    [TestCase("alternative", "Process-Alternative", "Process-Feedback")]
    public void Another_prompt_of_one_method_leaves_the_other_method_alone(string prompt, string changed, string untouched)
    {
        File.AppendAllText(_checkout[$"prompts/{prompt}.txt"], "Be brief.\n");
        var before = _checkout.Snapshot();

        var explained = Explain();
        Assert.That(explained.WouldRun.First(), Is.EqualTo(changed));
        Assert.That(explained.WouldRun, Does.Not.Contain(untouched));
        Assert.That(explained.Output, Does.Contain($"prompts/{prompt}.txt").And.Contain("→ 'Be brief.'"));
        var run = Study();
        AssertExecutedWhatDepends(run, changed);
        Assert.That(run.Statuses[untouched], Is.EqualTo("Up to date"));
        Assert.That(_checkout.Snapshot()["results/study-sandbox/responses/base.jsonl"], Is.EqualTo(before["results/study-sandbox/responses/base.jsonl"]));
    }

    [Test]
    public void A_changed_conversation_of_the_train_side_leaves_the_base_models_answers_alone()
    {
        var id = (string)_checkout.Lines("data/study-sandbox/feedback.jsonl").First(l => (bool)l["improved"]!)["conversation_id"]!;
        ChangeFeedback(id);
        var before = _checkout.Snapshot();

        var explained = Explain();
        Assert.That(explained.Output, Does.Match($@"data/conversations\.json: record {id}\b.*→"));
        var run = Study();
        AssertExecutedWhatDepends(run);
        Assert.That(run.Executed, Is.SupersetOf(new[] { "Filter", "Split", "Process-Feedback", "Process-Alternative", "Process", "Prepare" }));
        Assert.That(_checkout.Snapshot()["data/study-sandbox/test_items.jsonl"], Is.EqualTo(before["data/study-sandbox/test_items.jsonl"]));
        Assert.That(_checkout.Snapshot()["results/study-sandbox/responses/base.jsonl"], Is.EqualTo(before["results/study-sandbox/responses/base.jsonl"]));
    }

    [Test]
    public void A_changed_conversation_of_the_test_side_trains_nothing_again()
    {
        var id = (string)_checkout.Lines("results/study-sandbox/responses/base.jsonl")[0]["conversation_id"]!;
        ChangeRequest(id);
        var before = _checkout.Snapshot();

        var explained = Explain();
        Assert.That(explained.Output, Does.Match($@"data/conversations\.json: record {id}\b.*→"));
        var run = Study();
        AssertExecutedWhatDepends(run);
        Assert.That(run.Executed, Is.EqualTo(new[] { "Filter", "Split", "Respond" }.Concat(Targets.FromEvaluate)), run.ToString());
        foreach (var (file, hash) in _checkout.Snapshot().Where(f => f.Key.StartsWith("models/", StringComparison.Ordinal)))
        {
            Assert.That(hash, Is.EqualTo(before[file]), file);
        }
    }

    [Test]
    public void A_deleted_output_is_made_again()
    {
        File.Delete(_checkout["results/study-sandbox/responses/feedback.jsonl"]);

        var explained = Explain();
        Assert.That(explained.WouldRun.First(), Is.EqualTo("Respond"));
        Assert.That(explained.Output, Does.Contain("output results/study-sandbox/responses/feedback.jsonl is missing"));
        var run = Study();
        AssertExecutedWhatDepends(run, "Respond");
        Assert.That(run.Statuses["Evaluate-Base-Vs-Alternative"], Is.EqualTo("Up to date"));
        Assert.That(Analysis.Of(_checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
    }

    [Test]
    public void An_edited_output_is_made_again_and_what_comes_out_the_same_stops_there()
    {
        var made = File.ReadAllBytes(_checkout["data/study-sandbox/feedback_training.jsonl"]);
        File.AppendAllText(_checkout["data/study-sandbox/feedback_training.jsonl"], "\n");

        var explained = Explain();
        Assert.That(explained.WouldRun.First(), Is.EqualTo("Prepare"));
        Assert.That(explained.Output, Does.Contain("output data/study-sandbox/feedback_training.jsonl was changed after it was made"));
        var run = Study();
        Assert.That(run.Executed, Is.EqualTo(new[] { "Prepare" }), run.ToString());
        Assert.That(File.ReadAllBytes(_checkout["data/study-sandbox/feedback_training.jsonl"]), Is.EqualTo(made));
    }

    [Test]
    public void Runtime_options_make_nothing_run()
    {
        var run = Study("--process-max-concurrency=2", "--evaluate-delay=0.01", "--check-interval=0.1", "--sandbox-latency=1", "--verbosity=verbose");

        Assert.That(run.Executed.Except(["Setup", "Teardown"]), Is.Empty, run.ToString());
    }

    [Test]
    public void Force_makes_the_requested_target_again()
    {
        var run = _checkout.Build("--target=Analyze", "--force");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Executed, Is.EqualTo(new[] { "Analyze" }), run.ToString());
    }

    private Run Explain()
    {
        var before = _checkout.Snapshot();
        var run = _checkout.Build("--target=Study", "--explain");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(_checkout.Snapshot(), Is.EqualTo(before));
        return run;
    }

    private Run Study(params string[] more)
    {
        var run = _checkout.Build(["--target=Study", .. more]);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        return run;
    }

    // What ran must be what was changed itself, and each target one of whose inputs now has other content than when the baseline was made.
    private void AssertExecutedWhatDepends(Run run, params string[] changedItself)
    {
        var due = new HashSet<string>(changedItself, StringComparer.Ordinal);
        foreach (var manifest in OneTime.Baseline.Snapshot().Keys.Where(f => f.EndsWith(".manifest.json", StringComparison.Ordinal)).Select(OneTime.Baseline.Json))
        {
            var changed = manifest["inputs"]!.AsArray().Select(i => (string)i!["path"]!).Any(p => !File.ReadAllBytes(_checkout[p]).AsSpan().SequenceEqual(File.ReadAllBytes(OneTime.Baseline[p])));
            if (changed)
            {
                due.Add((string)manifest["stage"]!);
            }
        }

        due.UnionWith(Targets.Gathering.Where(g => g.Value.Any(due.Contains)).Select(g => g.Key));
        Assert.That(run.Executed, Is.EquivalentTo(due), run.ToString());
    }

    private void ChangeFeedback(string id) => ChangeMessage(id, messages => messages.Last(m => (string)m!["role"]! == "user")!.AsObject());

    private void ChangeRequest(string id) => ChangeMessage(id, messages => messages.First(m => (string)m!["role"]! == "user")!.AsObject());

    private void ChangeMessage(string id, Func<JsonArray, JsonObject> choose)
    {
        var conversations = _checkout.Json("data/conversations.json").AsArray();
        var record = conversations.First(c => c is JsonObject o && o["conversation_id"]?.ToString() == id)!;
        var message = choose(record["conversation_context"]!.AsArray());
        message["content"] = (string)message["content"]! + " And thank you.";
        File.WriteAllText(_checkout["data/conversations.json"], conversations.ToJsonString());
    }
}
