using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>The targets around a study.</summary>
public sealed partial class ToolTargetsTests
{
    private Checkout _checkout = null!;

    [SetUp]
    public void A_finished_study() => _checkout = OneTime.Baseline.Clone();

    [TearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void Clean_removes_what_was_made_and_nothing_of_the_users()
    {
        File.WriteAllText(_checkout["data/mine.jsonl"], "{}\n");
        File.WriteAllText(_checkout["results/study-sandbox/notes.txt"], "mine");

        var run = _checkout.Build("--target=Clean");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(_checkout.Snapshot().Keys, Is.EqualTo(new[]
        {
            "data/README.md", "data/conversations.json", "data/mine.jsonl", "models/README.md", "results/README.md", "results/study-sandbox/notes.txt",
        }));
    }

    [Test]
    public void A_study_made_again_after_Clean_comes_to_the_same()
    {
        Assert.That(_checkout.Build("--target=Clean").ExitCode, Is.Zero);

        var run = _checkout.Build("--target=Study");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Executed, Is.EqualTo(Targets.All));
        Assert.That(Analysis.Of(_checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
        Assert.That(Directory.GetFiles(_checkout[".cfx/sandbox/jobs"]), Has.Length.EqualTo(2));
    }

    [Test]
    public void Verify_finds_nothing_in_a_finished_study_whatever_this_run_would_choose()
    {
        var run = _checkout.Build("--target=Verify", "--seed=99");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Contain("the overlap check").And.Contain("the analysis").And.Not.Match("(?m)^differs "));
    }

    [TestCase("results/study-sandbox/leakage.json", "\"contexts\": 20", "\"contexts\": 21", "leakage.json: test and training files give another content")]
    [TestCase("results/study-sandbox/comparisons.csv", "model1_response", "model1_answer", "comparisons.csv: the stored judgments give another content")]
    [TestCase("results/study-sandbox/report.md", "## Comparisons", "## Results", "report.md: the stored judgments give another content")]
    public void Verify_derives_what_was_made_and_finds_what_was_changed(string file, string before, string after, string finding)
    {
        _checkout.Edit(file, before, after);

        var run = _checkout.Build("--target=Verify");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Output, Does.Contain(finding));
    }

    [Test]
    public void Diff_tells_a_setting_of_the_training_with_paths_that_mean_the_same_everywhere()
    {
        File.WriteAllText(_checkout["study.json"], OneTime.SmallStudy.Replace("{\n", "{\n  \"name\": \"other\", \"finetune\": { \"epochs\": 1 },\n", StringComparison.Ordinal));
        Assert.That(_checkout.Build("--target=Study").ExitCode, Is.Zero);

        var run = _checkout.Build("--target=Diff", "--baseline=results/study-sandbox");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Contain("models/feedback_job.json: finetune-epochs 3 → 1"));
        var diff = _checkout.Json("results/other-sandbox/diff.json");
        Assert.That(((string)diff["baseline"]!, (string)diff["current"]!), Is.EqualTo(("results/study-sandbox", "results/other-sandbox")));
        Assert.That(File.ReadAllText(_checkout["results/other-sandbox/diff.json"]), Does.Not.Contain(_checkout.Root));
    }

    [Test]
    public void Jobs_lists_each_job_with_its_status()
    {
        var run = _checkout.Build("--target=Jobs");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        foreach (var arm in new[] { "feedback", "alternative" })
        {
            var job = (string)_checkout.Json($"models/study-sandbox/{arm}_job.json")["job_id"]!;
            Assert.That(run.Output, Does.Match($@"(?m)^{job} +completed\b"));
        }
    }

    [Test]
    public void What_is_thrown_out_of_the_store_is_in_the_export_of_the_same_run()
    {
        var run = _checkout.Build("--target=Store", "--store-export=old.jsonl", "--store-prune-study=study-sandbox");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Contain("0 answers,").And.Contain("answers thrown away"));
        Assert.That(File.ReadAllLines(_checkout["old.jsonl"]), Is.Not.Empty);
    }

    [Test]
    public void Check_finds_nothing_in_the_way_of_the_sandbox_study()
    {
        var run = _checkout.Build("--target=Check");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Match("(?m)^ok ").And.Not.Match("(?m)^problem "));
    }

    [Test]
    public void Check_lists_every_problem()
    {
        var run = _checkout.Build("--target=Check", "--judge=sandbox/nobody", "--input=nowhere.json");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Output, Does.Match("(?m)^problem .*sandbox/nobody").And.Match("(?m)^problem .*nowhere.json"));
    }

    [Test]
    public void An_audit_and_a_blind_sheet_make_the_analysis_due_once_and_are_in_its_reports()
    {
        const string Results = "results/study-sandbox";
        Assert.That(_checkout.Build("--target=Analyze").Executed, Is.Empty, "without them nothing is due");
        Assert.That(_checkout.Build("--target=Audit", "--target=Analyze", "--dryrun").WouldRun, Is.SupersetOf(new[] { "Audit", "Analyze" }));

        Assert.That(_checkout.Build("--target=Audit", "--audit-size=20").ExitCode, Is.Zero);
        Assert.That(_checkout.Build("--target=Verify").ExitCode, Is.Zero, "what came after the analysis is no fault of it");
        Assert.That(_checkout.Build("--target=Analyze", "--explain").Output, Does.Contain($"input {Results}/audit.json is new"));

        Assert.That(_checkout.Build("--target=Blind", "--blind-size=12").ExitCode, Is.Zero);
        FillSheet(_checkout[$"{Results}/blind.csv"], "A", "B", "TIE");
        Assert.That(_checkout.Build("--target=Blind", $"--read={Results}/blind.csv").ExitCode, Is.Zero);
        var run = _checkout.Build("--target=Analyze");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Executed, Is.EqualTo(new[] { "Analyze" }));
        var analysis = _checkout.Json($"{Results}/analysis.json");
        var audit = _checkout.Json($"{Results}/audit.json");
        Assert.That((bool)analysis["audit"]!["matches_study"]!, Is.True, analysis["audit"]!["differences"]!.ToJsonString());
        Assert.That(analysis["audit"]!["agreement"]!.ToJsonString(), Is.EqualTo(audit["agreement"]!.ToJsonString()));
        Assert.That(((bool)analysis["human"]!["matches_study"]!, (int)analysis["human"]!["judged"]!), Is.EqualTo((true, 12)));
        Assert.That(analysis["human"]!["comparisons"]!.AsArray().Sum(c => (int)c!["n"]!), Is.EqualTo(12));
        foreach (var report in new[] { "report.md", "report.html" })
        {
            var text = File.ReadAllText(_checkout[$"{Results}/{report}"]);
            Assert.That(text, Does.Contain((string)audit["reading"]!).And.Contain("People judged 12 of 12 pairs"), report);
            Assert.That(text, Does.Not.Contain("was not held against"), report);
        }

        Assert.That(_checkout.Build("--target=Analyze").Statuses["Analyze"], Is.EqualTo("Up to date"));
        Assert.That(_checkout.Build("--target=Verify").ExitCode, Is.Zero);
    }

    // As a person would in a spreadsheet: the verdict is each row's last cell.
    private static void FillSheet(string path, params string[] verdicts)
    {
        var text = File.ReadAllText(path);
        var rows = RowEnd().Matches(text);
        var filled = new System.Text.StringBuilder();
        var from = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            filled.Append(text, from, rows[i].Index - from).Append(i == 0 ? string.Empty : verdicts[i % verdicts.Length]).Append("\r\n");
            from = rows[i].Index + rows[i].Length;
        }

        Assert.That(rows, Has.Count.EqualTo(13), "a heading and twelve rows");
        File.WriteAllText(path, filled.ToString());
    }

    // Line breaks within a conversation are line feeds alone.
    [GeneratedRegex("\r\n")]
    private static partial Regex RowEnd();

    [Test]
    public async Task Sandbox_serves_any_client_until_told_to_stop()
    {
        using var run = new LiveRun(_checkout, "--target=Sandbox", "--port=0");
        run.ReadTo("The sandbox serves");
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(run.Output).Value + "/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");

        using var content = new StringContent("""{"model":"sandbox/small","messages":[{"role":"user","content":"How do I boil an egg?"}]}""", null, "application/json");
        using var reply = await client.PostAsync(new Uri("chat/completions", UriKind.Relative), content);

        var body = await reply.Content.ReadAsStringAsync();
        Assert.That(reply.IsSuccessStatusCode, Is.True, body);
        Assert.That((string?)JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"], Is.Not.Empty);
        run.Terminate();
        Assert.That(run.Finish().ExitCode, Is.EqualTo(130).Or.Zero);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/v1")]
    private static partial Regex Address();
}
