using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Reporting.Verification;
using Cfx.Core.Tests.Generation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting.Verification;

public sealed class EvaluationVerifierTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        foreach (var model in new[] { "m1", "m2" })
        {
            _folder.Write($"{model}.jsonl", string.Concat(Enumerable.Range(0, 12).Select(i =>
                $$"""{"item_id":"i{{i}}","conversation_id":"c{{i}}","category":"UR2","context":[{"role":"user","content":"question {{i}}"}],"model":"{{model}}","response":"{{model}} answer {{i}}","status":"complete"}""" + "\n")));
        }

        // Some win, some flip, some have no verdict.
        var judge = new ScriptedModel(r => ScriptedModel.Reply(r.Messages[^1].Content switch
        {
            var text when text.Contains("answer 3", StringComparison.Ordinal) => "[[A]]",
            var text when text.Contains("answer 7", StringComparison.Ordinal) => "No idea.",
            var text => text.IndexOf("m1 answer", StringComparison.Ordinal) < text.IndexOf("m2 answer", StringComparison.Ordinal) ? "[[A]]" : "[[B]]",
        }));
        await new EvaluateStage(judge, new RecordingProgress(), NullLogger.Instance).RunAsync(
            new EvaluateOptions
            {
                Model1 = "m1",
                Model2 = "m2",
                Responses1Path = _folder["m1.jsonl"],
                Responses2Path = _folder["m2.jsonl"],
                OutputPath = _folder["e.json"],
                Judge = new GenerationSettings("judge", 0, 1, 100),
                Prompts = JudgePrompts.Load(ProjectFiles.Prompts),
                Provider = "sandbox",
                MaxFailureRate = 0.5,
            },
            default);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private Task<IReadOnlyList<string>> VerifyAsync() => EvaluationVerifier.VerifyAsync(_folder["e.json"], "e.json", default);

    private void Change(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(_folder["e.json"]))!.AsObject();
        change(json);
        File.WriteAllText(_folder["e.json"], json.ToJsonString());
    }

    [Test]
    public async Task A_file_as_the_stage_wrote_it_follows_from_its_judgments() => Assert.That(await VerifyAsync(), Is.Empty);

    [Test]
    public async Task A_verdict_that_the_judge_did_not_give_is_found()
    {
        Change(e => e["evaluations"]![0]!["judgments"]![0]!["text"] = "[[TIE]]");
        var faults = await VerifyAsync();
        Assert.That(faults, Has.Some.Contains("item i0: the verdict in normal order is A, and the judge's text says TIE"));
        Assert.That(faults, Has.Some.Contains("statistics.wins is 10, and its judgments give 9"));
    }

    [Test]
    public async Task An_outcome_that_the_verdicts_do_not_give_is_found()
    {
        Change(e => e["evaluations"]![3]!["outcome"] = "win");
        Change(e => e["evaluations"]![3]!.AsObject().Remove("tie_kind"));
        Assert.That(await VerifyAsync(), Is.EqualTo(new[] { "e.json: item i3: the outcome is win, and its judgments give tie" }));
    }

    [Test]
    public async Task A_figure_that_the_judgments_do_not_give_is_found()
    {
        Change(e => e["statistics"]!["h"] = 0.9);
        Assert.That(await VerifyAsync(), Has.Exactly(1).Items.And.Some.StartsWith("e.json: statistics.h is 0.9, and its judgments give 0.9545"));
    }
}
