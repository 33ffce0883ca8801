namespace EndToEnd.Tests;

/// <summary>The whole study as a newcomer meets it: the project's own study.json and data, nothing made before, no key.</summary>
public sealed class FreshCheckoutTests
{
    private static readonly string[] Files =
    [
        "data/study-sandbox/filtered.jsonl", "data/study-sandbox/filtered.rejected.jsonl", "data/study-sandbox/filter.json",
        "data/study-sandbox/split.jsonl", "data/study-sandbox/split.left_out.jsonl", "data/study-sandbox/split.json",
        "data/study-sandbox/training_items.jsonl", "data/study-sandbox/test_items.jsonl",
        "data/study-sandbox/feedback.jsonl", "data/study-sandbox/alternative.jsonl",
        "data/study-sandbox/feedback_training.jsonl", "data/study-sandbox/feedback_validation.jsonl",
        "data/study-sandbox/alternative_training.jsonl", "data/study-sandbox/alternative_validation.jsonl",
        "data/study-sandbox/prepare.json", "data/study-sandbox/prepare.left_out.jsonl",
        "models/study-sandbox/feedback_job.json", "models/study-sandbox/feedback_model.json",
        "models/study-sandbox/alternative_job.json", "models/study-sandbox/alternative_model.json",
        "results/study-sandbox/responses/base.jsonl", "results/study-sandbox/responses/feedback.jsonl", "results/study-sandbox/responses/alternative.jsonl",
        "results/study-sandbox/evaluations/base_vs_feedback.json", "results/study-sandbox/evaluations/base_vs_alternative.json",
        "results/study-sandbox/evaluations/feedback_vs_alternative.json",
        "results/study-sandbox/analysis.json", "results/study-sandbox/report.md", "results/study-sandbox/report.html", "results/study-sandbox/comparisons.csv",
    ];

    private Checkout _checkout = null!;
    private Run _first = null!;

    [OneTimeSetUp]
    public void The_study_is_made()
    {
        // The name has a space, as folders of people do.
        _checkout = Checkout.OfProject("cfx e2e ");
        _first = _checkout.Build("--target=Study");
    }

    [OneTimeTearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void Study_succeeds_without_a_key_and_executes_every_target()
    {
        Assert.That(_first.ExitCode, Is.Zero, _first.ToString());
        Assert.That(_first.Executed, Is.EqualTo(Targets.All), _first.ToString());
    }

    [Test]
    public void Every_step_leaves_its_files()
    {
        foreach (var file in Files)
        {
            Assert.That(_checkout[file], Does.Exist);
        }
    }

    [Test]
    public void The_report_begins_by_saying_that_the_models_are_the_sandboxs()
    {
        var first = File.ReadLines(_checkout["results/study-sandbox/report.md"]).First();

        Assert.That(first, Does.Contain("sandbox's models").And.Contain("not which method wins"));
        Assert.That((bool)_checkout.Json("results/study-sandbox/analysis.json")["sandbox"]!, Is.True);
    }

    [Test]
    public void Every_file_made_stands_with_its_hash_in_a_manifest()
    {
        var snapshot = _checkout.Snapshot("data/study-sandbox", "models/study-sandbox", "results/study-sandbox");
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in snapshot.Keys.Where(f => f.EndsWith(".manifest.json", StringComparison.Ordinal)))
        {
            foreach (var output in _checkout.Json(manifest)["outputs"]!.AsArray())
            {
                listed.Add((string)output!["path"]!, ((string)output["sha256"]!).ToUpperInvariant());
            }
        }

        var made = snapshot.Where(f => !f.Key.EndsWith(".manifest.json", StringComparison.Ordinal) && !f.Key.EndsWith(".records.jsonl", StringComparison.Ordinal));
        Assert.That(listed, Is.EquivalentTo(made));
    }

    [Test]
    public void A_manifest_of_what_the_sandbox_answered_says_so()
    {
        foreach (var file in Files.Where(f => f.Contains("/responses/", StringComparison.Ordinal) || f.Contains("/evaluations/", StringComparison.Ordinal)))
        {
            Assert.That((bool)_checkout.Json(file + ".manifest.json")["sandbox"]!, Is.True, file);
        }
    }

    [Test]
    public void Training_lines_carry_one_weight_of_1_on_the_last_assistant_message()
    {
        foreach (var method in new[] { "feedback", "alternative" })
        {
            var lines = _checkout.Lines($"data/study-sandbox/{method}_training.jsonl");
            Assert.That(lines, Is.Not.Empty);
            foreach (var messages in lines.Select(l => l["messages"]!.AsArray()))
            {
                Assert.That(messages.Count(m => m!["weight"]!.ToJsonString() == "1"), Is.EqualTo(1));
                Assert.That(messages.Count(m => m!["weight"]!.ToJsonString() == "0"), Is.EqualTo(messages.Count - 1));
                Assert.That(messages[^1]!["weight"]!.ToJsonString(), Is.EqualTo("1"));
                Assert.That((string)messages[^1]!["role"]!, Is.EqualTo("assistant"));
            }
        }
    }

    [Test]
    public void Both_arms_train_on_the_same_records_and_no_test_item_is_among_them()
    {
        var test = _checkout.Lines("data/study-sandbox/test_items.jsonl").Select(l => (string)l["item_id"]!).ToHashSet(StringComparer.Ordinal);
        foreach (var method in new[] { "feedback", "alternative" })
        {
            var processed = _checkout.Lines($"data/study-sandbox/{method}.jsonl").Select(l => (string)l["item_id"]!).ToList();
            Assert.That(processed, Is.Not.Empty);
            Assert.That(processed.Where(test.Contains), Is.Empty);
        }

        Assert.That(
            File.ReadLines(_checkout["data/study-sandbox/feedback_training.jsonl"]).Count(),
            Is.EqualTo(File.ReadLines(_checkout["data/study-sandbox/alternative_training.jsonl"]).Count()));
    }

    [Test]
    public void Output_into_a_pipe_has_no_terminal_codes() =>
        Assert.That((_first.Output + _first.Error).Where(c => c is '\u001b' or '\r'), Is.Empty);

    [Test]
    public void Nothing_is_made_twice_even_when_every_time_has_changed()
    {
        var made = _checkout.Snapshot();
        var second = _checkout.Build("--target=Study");
        Assert.That(second.ExitCode, Is.Zero, second.ToString());
        Assert.That(second.Statuses.Keys, Is.EqualTo(Targets.All));
        Assert.That(second.Statuses.Values, Has.All.EqualTo("Up to date"), second.ToString());

        foreach (var folder in new[] { "data", "models", "results", "prompts" })
        {
            foreach (var file in Directory.EnumerateFiles(_checkout[folder], "*", SearchOption.AllDirectories))
            {
                File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddDays(1));
            }
        }

        var third = _checkout.Build("--target=Study");
        Assert.That(third.ExitCode, Is.Zero, third.ToString());
        Assert.That(third.Statuses.Values, Has.All.EqualTo("Up to date"), third.ToString());
        Assert.That(_checkout.Snapshot(), Is.EqualTo(made));
    }

    [Test]
    public void It_works_through_a_link_and_from_another_folder()
    {
        var link = Path.Combine(Directory.CreateTempSubdirectory("cfx-e2e-").FullName, "link to it");
        Directory.CreateSymbolicLink(link, _checkout.Root);
        try
        {
            foreach (var (script, folder) in new[] { (Path.Combine(link, "build.sh"), "/"), ("./build.sh", link), ("../build.sh", _checkout["data"]) })
            {
                var run = Checkout.RunProcess(Checkout.StartScript(script, folder, [], "--target=Study"));
                Assert.That(run.ExitCode, Is.Zero, run.ToString());
                Assert.That(run.Statuses.Values, Has.All.EqualTo("Up to date"), run.ToString());
            }
        }
        finally
        {
            Directory.Delete(link);
            Directory.Delete(Path.GetDirectoryName(link)!);
        }
    }
}
