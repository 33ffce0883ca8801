using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Reporting.Verification;
using Cfx.Core.Tests.Generation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting.Verification;

public sealed class PanelVerifierTests
{
    private static readonly string[] Judges = ["j1", "j2", "j3"];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        foreach (var model in new[] { "m1", "m2" })
        {
            _folder.Write($"{model}.jsonl", string.Concat(Enumerable.Range(0, 12).Select(i =>
                $$"""{"item_id":"i{{i}}","conversation_id":"c{{i}}","category":"UR2","context":[{"role":"user","content":"question {{i}}"}],"model":"{{model}}","response":"{{model}} answer {{i}}","status":"{{(i == 11 && model == "m2" ? "cut_off" : "complete")}}"}""" + "\n")));
        }

        // The first judge prefers m1, the second m2, the third the first place; one has nothing to say of an item.
        var judge = new ScriptedModel(r =>
        {
            var text = r.Messages[^1].Content;
            var isFirst = text.IndexOf("m1 answer", StringComparison.Ordinal) < text.IndexOf("m2 answer", StringComparison.Ordinal);
            return ScriptedModel.Reply(r.Model switch
            {
                "j1" => isFirst ? "[[A]]" : "[[B]]",
                "j2" when text.Contains("answer 5", StringComparison.Ordinal) => "No idea.",
                "j2" => isFirst ? "[[B]]" : "[[A]]",
                _ => "[[A]]",
            });
        });
        var each = Judges.Select(j => Options(j, $"judges/{j}.json")).ToList();
        foreach (var options in each)
        {
            await new EvaluateStage(judge, new RecordingProgress(), NullLogger.Instance).RunAsync(options, default);
        }

        await JudgePanel.CombineAsync([.. each.Select(o => (o.Judge.Model, o.OutputPath))], Options("all", "e.json"), default);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task A_majority_as_it_was_written_follows_from_its_judges() => Assert.That(await VerifyAsync(), Is.Empty);

    [Test]
    public async Task A_judges_word_that_was_changed_is_found_in_its_own_file_and_in_the_majority()
    {
        Change("judges/j2.json", e => e["evaluations"]![0]!["judgments"]![0]!["text"] = "[[A]]");
        Assert.That(await VerifyAsync(), Has.Some.EqualTo("results/judges/j2.json: item i0: the verdict in normal order is B, and the judge's text says A"));
    }

    [Test]
    public async Task A_judges_file_that_was_changed_throughout_no_longer_gives_the_majority()
    {
        Change("judges/j2.json", e =>
        {
            var judgment = e["evaluations"]![0]!["judgments"]![0]!;
            judgment["text"] = "[[A]]";
            judgment["verdict"] = "A";
        });
        Assert.That(await VerifyAsync(), Has.Some.EqualTo("results/e.json: item i0: \"judgments\" is not what the judges' files give"));
    }

    [Test]
    public async Task A_vote_that_no_judge_gave_is_found()
    {
        Change("e.json", e => e["evaluations"]![3]!["judgments"]![0]!["votes"]!["j2"] = "A");
        Assert.That(await VerifyAsync(), Is.EqualTo(new[] { "results/e.json: item i3: \"judgments\" is not what the judges' files give" }));
    }

    [Test]
    public async Task A_judges_rate_or_an_agreement_that_the_files_do_not_give_is_found()
    {
        Change("e.json", e => e["metadata"]!["judges"]![0]!["h"] = 0.5);
        Change("e.json", e => e["metadata"]!["judge_agreement"]!["unanimous"] = 12);
        Assert.That(await VerifyAsync(), Has.Exactly(2).Items.And.Some.Contains("metadata.judges is ").And.Some.Contains("metadata.judge_agreement is "));
    }

    [Test]
    public async Task A_judges_file_that_is_gone_is_told()
    {
        File.Delete(_folder["judges/j3.json"]);
        Assert.That(await VerifyAsync(), Is.EqualTo(new[] { "results/e.json: the file of the judge j3, judges/j3.json, is missing" }));
    }

    [Test]
    public async Task A_pair_that_the_majority_leaves_out_is_found()
    {
        Change("e.json", e => e["evaluations"]!.AsArray().RemoveAt(11));
        Assert.That(await VerifyAsync(), Has.Some.EqualTo("results/e.json: it has fewer pairs than its judges' files"));
    }

    private EvaluateOptions Options(string judge, string output) => new()
    {
        Model1 = "m1",
        Model2 = "m2",
        Responses1Path = _folder["m1.jsonl"],
        Responses2Path = _folder["m2.jsonl"],
        OutputPath = _folder[output],
        Judge = new GenerationSettings(judge, 0, 1, 100),
        Prompts = JudgePrompts.Load(ProjectFiles.Prompts),
        Provider = "sandbox",
        MaxFailureRate = 1,
    };

    private Task<IReadOnlyList<string>> VerifyAsync() => EvaluationVerifier.VerifyAsync(_folder["e.json"], "results/e.json", [], default);

    private void Change(string file, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(_folder[file]))!.AsObject();
        change(json);
        File.WriteAllText(_folder[file], json.ToJsonString());
    }
}
