using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>A study whose training saw part of its test does not conclude unnoticed.</summary>
public sealed class OverlapTests
{
    private Checkout _checkout = null!;

    [SetUp]
    public void A_finished_study() => _checkout = OneTime.Baseline.Clone();

    [TearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void A_test_context_planted_in_a_training_file_stops_the_analysis_or_marks_the_report()
    {
        var contexts = _checkout.Lines("results/study-sandbox/responses/base.jsonl");
        Assert.That((int)_checkout.Json("results/study-sandbox/leakage.json")["overlap"]!["contexts"]!, Is.Zero, "the split keeps the sides apart");
        Plant("data/study-sandbox/alternative_validation.jsonl", contexts[0]["context"]!.AsArray());

        var refused = _checkout.Build("--target=Analyze", "--exclusive");
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.ErrorLines, Has.One.Contains($"1 of {contexts.Count} test contexts").And.One.Contains("--allow-overlap"));

        var allowed = _checkout.Build("--target=Analyze", "--exclusive", "--allow-overlap");
        Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
        Assert.That(File.ReadAllText(_checkout["results/study-sandbox/report.md"]), Does.Contain("OVERLAP ALLOWED"));
        var analysis = _checkout.Json("results/study-sandbox/analysis.json");
        Assert.That(analysis["comparisons"]!.AsArray().Select(c => (long)c!["n_attempted"]!), Is.All.EqualTo(contexts.Count - 1));
        Assert.That((string)analysis["leakage"]!["left_out"]![0]!, Is.EqualTo((string)contexts[0]["item_id"]!));

        var again = _checkout.Build("--target=Analyze", "--exclusive", "--allow-overlap");
        Assert.That(again.Statuses["Analyze"], Does.StartWith("Up to date"), again.ToString());

        var verified = _checkout.Build("--target=Verify");
        Assert.That(verified.Output, Does.Not.Contain("--allow-overlap").And.Not.Contain("give another content"), "the analysis was made with the overlap allowed, and so it is checked");
    }

    private void Plant(string file, JsonArray context)
    {
        var messages = new JsonArray([.. context.Select(m => new JsonObject { ["role"] = (string)m!["role"]!, ["content"] = (string)m["content"]!, ["weight"] = 0 })]);
        messages.Add((JsonNode)new JsonObject { ["role"] = "assistant", ["content"] = "planted", ["weight"] = 1 });
        File.AppendAllText(_checkout[file], new JsonObject { ["messages"] = messages }.ToJsonString() + "\n");
    }
}
