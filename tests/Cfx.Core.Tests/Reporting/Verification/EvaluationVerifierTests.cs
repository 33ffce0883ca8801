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

    private Task<IReadOnlyList<string>> VerifyAsync() => EvaluationVerifier.VerifyAsync(_folder["e.json"], "e.json", [], default);

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
        Assert.That(await VerifyAsync(), Is.EqualTo(new[] { "e.json: item i3: the outcome is win, and its judgments give tie (flip_first)" }));
    }

    [Test]
    public async Task A_figure_that_the_judgments_do_not_give_is_found()
    {
        Change(e => e["statistics"]!["h"] = 0.9);
        Assert.That(await VerifyAsync(), Has.Exactly(1).Items.And.Some.StartsWith("e.json: statistics.h is 0.9, and its judgments give 0.9545"));
    }

    [Test]
    public async Task A_judgment_called_unparsed_whose_text_holds_one_clear_verdict_is_found()
    {
        // As a whole row would look that was taken out of the rates.
        Change(e =>
        {
            var row = e["evaluations"]![0]!.AsObject();
            row["judgments"]![0]!["status"] = "unparsed";
            row["judgments"]![0]!["verdict"] = null;
            row["judgments"]![0]!["reason"] = "the reply has none, or more than one, of [[A]], [[B]] and [[TIE]]";
            row["outcome"] = "incomplete";
            row["winner"] = null;
            row["incomplete_cause"] = "judge_unparsed";
        });
        var faults = await VerifyAsync();
        Assert.That(faults, Has.Some.EqualTo("e.json: item i0: the judgment in normal order is \"unparsed\", and the judge's text says A"));
    }

    [TestCase("the reply was cut off at 100 tokens")]
    [TestCase("the model or provider refused (finish reason \"content_filter\")")]
    [TestCase("the provider said 413: too long")]
    public async Task A_reply_that_was_not_whole_may_name_a_verdict_in_passing(string reason)
    {
        Change(e =>
        {
            e["evaluations"]![7]!["judgments"]![0]!["text"] = "At first sight [[A]], but";
            e["evaluations"]![7]!["judgments"]![0]!["reason"] = reason;
        });
        Assert.That(await VerifyAsync(), Has.None.Contains("i7"));
    }

    [TestCase("winner", "model2", "the winner is model2, and its judgments give model1")]
    [TestCase("incomplete_cause", "judge_failed", "the cause of its being incomplete is judge_failed, and its judgments give none")]
    public async Task What_a_row_says_of_a_complete_pair_must_follow_from_its_judgments(string field, string value, string fault)
    {
        Change(e => e["evaluations"]![0]![field] = value);
        Assert.That(await VerifyAsync(), Is.EqualTo(new[] { $"e.json: item i0: {fault}" }));
    }

    [TestCase("judge_failed", "the cause of its being incomplete is judge_failed, and its judgments give judge_unparsed")]
    [TestCase("answer_model1", "the cause of its being incomplete is answer_model1, and its judgments give judge_unparsed")]
    public async Task A_cause_that_the_judgments_do_not_give_is_found(string cause, string fault)
    {
        Change(e => e["evaluations"]![7]!["incomplete_cause"] = cause);
        Assert.That(await VerifyAsync(), Has.Some.EqualTo($"e.json: item i7: {fault}"));
    }

    [TestCase("m1: cut off", "answer_model2", "answer_model1")]
    [TestCase("m2: cut off", "answer_both", "answer_model2")]
    [TestCase("model2: cut off", "answer_model1", "answer_model2")]
    public async Task A_missing_answer_of_the_other_arm_than_the_reason_names_is_found_in_files_of_this_and_of_earlier_versions(string reason, string cause, string derived)
    {
        Change(e =>
        {
            var row = e["evaluations"]![7]!;
            row["judgments"] = new JsonArray();
            row["reason"] = reason;
            row["incomplete_cause"] = cause;
        });
        Assert.That(await VerifyAsync(), Has.Some.EqualTo($"e.json: item i7: the cause of its being incomplete is {cause}, and its judgments give {derived}"));
    }

    [Test]
    public async Task A_row_without_one_of_its_two_judgments_is_found()
    {
        Change(e => e["evaluations"]![0]!["judgments"]!.AsArray().RemoveAt(1));
        Assert.That(await VerifyAsync(), Has.Some.EqualTo("e.json: item i0: it must have a judgment in each order, and has normal"));
    }

    [TestCase("wins", 12)]
    [TestCase("incomplete", 0)]
    public async Task A_count_of_the_summary_that_the_rows_do_not_give_is_found(string field, int value)
    {
        Change(e => e["summary"]![field] = value);
        Assert.That(await VerifyAsync(), Has.Exactly(1).Items.And.Some.StartsWith($"e.json: summary.{field} is {value}, and its judgments give "));
    }

    [Test]
    public async Task Judgments_that_the_summary_miscounts_are_found()
    {
        Change(e => e["summary"]!["judgments"]!["asked_again"] = 0);
        Assert.That(await VerifyAsync(), Has.Exactly(1).Items.And.Some.StartsWith("e.json: summary.judgments is "));
    }

    [Test]
    public async Task A_warning_that_was_taken_out_or_put_in_is_found()
    {
        Change(e =>
        {
            var metadata = e["metadata"]!.AsObject();
            Assert.That((string)metadata["warnings"]![0]!, Does.StartWith("Incomplete pairs: 1 of 12"));
            metadata["warnings"] = new JsonArray("All is well.");
        });
        Assert.That(await VerifyAsync(), Has.Some.Contains("the warning \"Incomplete pairs: 1 of 12").And.Some.Contains("the warning \"All is well.\" does not follow"));
    }
}
