namespace EndToEnd.Tests;

/// <summary>Evaluation files analysed outside their study.</summary>
public sealed class AnalyzeFilesTests
{
    private Checkout _checkout = null!;

    [SetUp]
    public void A_finished_study() => _checkout = OneTime.Baseline.Clone();

    [TearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void Files_of_the_original_scripts_and_of_ours_are_analysed_together_and_the_study_stays_as_it_is()
    {
        File.WriteAllText(_checkout["data/old.json"], """
            {"metadata": {"model1": "acct/llama:tuned", "model2": "meta/llama"}, "evaluations": [
              {"conversation_id": "c1", "status": "success", "context": [], "model1_response": "Yes.", "model2_response": "No.", "judgment": "A", "winner": "model1", "order": "normal"},
              {"conversation_id": "c2", "status": "success", "context": [], "model1_response": "Yes.", "model2_response": "No.", "judgment": "TIE", "winner": "tie", "order": "normal"},
              {"conversation_id": "c3", "status": "success", "context": [], "model1_response": "Yes.", "model2_response": "No.", "judgment": "B", "winner": "model2", "order": "reversed"}]}
            """);
        var before = File.ReadAllBytes(_checkout["results/study-sandbox/analysis.json"]);
        var command = "--target=Analyze -i data/old.json -i results/study-sandbox/evaluations/base_vs_feedback.json -o results/old --margin=0.2 --bootstrap=0";

        var run = _checkout.Build(command.Split(' '));
        var again = _checkout.Build(command.Split(' '));

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Executed, Is.EqualTo(new[] { "Analyze" }));
        Assert.That(again.Executed, Is.Empty, again.ToString());
        var comparisons = _checkout.Json("results/old/analysis.json")["comparisons"]!.AsArray();
        Assert.That(comparisons.Select(c => (string)c!["model1"]!), Is.EqualTo(new[] { "acct/llama:tuned", "feedback" }));
        Assert.That((double)comparisons[0]!["h"]!, Is.EqualTo(0.375).Within(1e-12), "3/4 in one order, 0 in the other");
        Assert.That((double)comparisons[1]!["equivalence"]!["margin"]!, Is.EqualTo(0.2));
        Assert.That((string)comparisons[1]!["bootstrap"]!["status"]!, Is.EqualTo("off"));
        Assert.That(File.ReadAllBytes(_checkout["results/study-sandbox/analysis.json"]), Is.EqualTo(before));
        Assert.That(_checkout.Build("--target=Verify").ExitCode, Is.Zero);
    }

    [Test]
    public void Files_are_analysed_where_no_study_was_ever_made()
    {
        using var fresh = OneTime.Baseline.CloneUnmade();
        File.Copy(_checkout["results/study-sandbox/evaluations/base_vs_feedback.json"], fresh["data/theirs.json"]);

        var run = fresh.Build("--target=Analyze", "-i", "data/theirs.json", "--bootstrap=0");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(fresh.Json("results/analysis/analysis.json")["comparisons"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public void What_the_studys_training_saw_is_not_held_against_files_from_elsewhere()
    {
        File.Copy(_checkout["results/study-sandbox/evaluations/base_vs_feedback.json"], _checkout["data/theirs.json"]);
        var pairs = _checkout.Json("data/theirs.json")["evaluations"]!.AsArray();
        var leakage = _checkout.Json("results/study-sandbox/leakage.json");
        leakage["overlap"]!["items"] = new System.Text.Json.Nodes.JsonArray([.. pairs.Take(5).Select(p => new System.Text.Json.Nodes.JsonObject { ["item_id"] = (string)p!["item_id"]! })]);
        File.WriteAllText(_checkout["results/study-sandbox/leakage.json"], leakage.ToJsonString());

        var run = _checkout.Build("--target=Analyze", "-i", "data/theirs.json", "--bootstrap=0");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var analysis = _checkout.Json("results/analysis/analysis.json").AsObject();
        Assert.That((int)analysis["comparisons"]![0]!["n_attempted"]!, Is.EqualTo(pairs.Count));
        Assert.That(analysis.ContainsKey("leakage"), Is.False);
    }

    [Test]
    public void Calibrate_writes_its_table()
    {
        var run = _checkout.Build("--target=Calibrate", "--studies=2");

        Assert.That(File.ReadAllText(_checkout["results/calibration.md"]), Does.StartWith("2 simulated studies a column").And.Contain("| sign test |"));
        Assert.That(run.Output, Does.Contain("### Equal arms, clean judge"));
    }
}
