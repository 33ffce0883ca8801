using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Reporting.Verification;
using Cfx.Core.Tests.Generation;
using Microsoft.Extensions.Logging.Abstractions;
using TestContext = Cfx.Core.Evaluation.TestContext;

namespace Cfx.Core.Tests.Evaluation;

public sealed class JudgePanelTests
{
    private static readonly JudgePrompts Prompts = JudgePrompts.Load(ProjectFiles.Prompts);
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("AAB", "A")]
    [TestCase("ABB", "B")]
    [TestCase("ABT", "TIE")]
    [TestCase("AB", "TIE")]
    [TestCase("ATT", "TIE")]
    [TestCase("AA-", "A")]
    [TestCase("AB-", "TIE")]
    [TestCase("A--", null)]
    [TestCase("A-", null)]
    [TestCase("AABT", "TIE")]
    [TestCase("---", null)]
    public void A_verdict_needs_more_than_half_of_those_cast_and_more_than_half_of_the_judges(string votes, string? expected)
    {
        var vote = PanelVote.Of([.. votes.Select(v => v switch { 'A' => Verdict.A, 'B' => Verdict.B, 'T' => (Verdict?)Verdict.Tie, _ => null })]);

        Assert.That(vote.Verdict?.ToString().ToUpperInvariant(), Is.EqualTo(expected));
        Assert.That(VerdictParser.Parse(vote.ToString()), Is.EqualTo(vote.Verdict), "its words say the same");
    }

    [Test]
    public async Task Three_judges_make_one_file_whose_figures_follow_from_their_votes()
    {
        // Item 0: all for model1; 1: two for model2; 2: a win, a loss, a tie; 3: two judges are silent.
        string[][] verdicts = [["1", "2", "1", "1"], ["1", "2", "2", "-"], ["1", "1", "T", "-"]];
        var files = new List<(string, string)>();
        for (var j = 0; j < 3; j++)
        {
            files.Add(($"org/judge{j}", await JudgeAsync($"org/judge{j}", verdicts[j])));
        }

        var statistics = await JudgePanel.CombineAsync(files, Options("majority"), CancellationToken.None);
        var file = _folder.Json("majority.json");

        Assert.That((statistics.Wins, statistics.Losses, statistics.Ties.Consistent, statistics.FailedTotal), Is.EqualTo((1L, 1L, 1L, 1L)));
        Assert.That(file["evaluations"]!.AsArray().Select(r => (string?)r!["winner"]), Is.EqualTo(new[] { "model1", "model2", "tie", null }));
        Assert.That(file["evaluations"]![1]!["judgments"]![0]!["votes"]!.ToJsonString(), Is.EqualTo("""{"org/judge0":"B","org/judge1":"B","org/judge2":"A"}"""));
        Assert.That((string)file["evaluations"]![3]!["incomplete_cause"]!, Is.EqualTo("judge_unparsed"));
        Assert.That(file["metadata"]!["judges"]!.AsArray().Select(j => (string)j!["file"]!), Is.EqualTo(new[] { "org-judge0.json", "org-judge1.json", "org-judge2.json" }));
        var agreement = file["metadata"]!["judge_agreement"]!;
        Assert.That(((int)agreement["judged_by_all"]!, (int)agreement["unanimous"]!, agreement["pairs"]!.AsArray().Count), Is.EqualTo((3, 1, 3)));
        Assert.That((long)agreement["fleiss"]!["n"]!, Is.EqualTo(3));
        Assert.That((double)agreement["pairs"]![0]!["agreement"]!, Is.EqualTo(2 / 3.0).Within(1e-12));
        Assert.That(await EvaluationVerifier.VerifyAsync(_folder["majority.json"], "majority", [], CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Two_judges_have_cohens_kappa_and_files_of_other_pairs_are_refused()
    {
        var one = await JudgeAsync("one", ["1", "2", "1"]);
        var two = await JudgeAsync("two", ["1", "2", "2"]);
        await JudgePanel.CombineAsync([("one", one), ("two", two)], Options("both"), CancellationToken.None);
        Assert.That(_folder.Json("both.json")["metadata"]!["judge_agreement"]!["fleiss"], Is.Null);
        Assert.That((double)_folder.Json("both.json")["metadata"]!["judge_agreement"]!["pairs"]![0]!["kappa"]!, Is.EqualTo(0.4).Within(1e-12));

        var three = await JudgeAsync("three", ["1", "2"]);
        Assert.That(
            async () => await JudgePanel.CombineAsync([("one", one), ("three", three)], Options("no"), CancellationToken.None),
            Throws.TypeOf<MisuseException>().With.Message.Contains("three.json").And.Message.Contains("not about the same pairs"));
        Assert.That(_folder["no.json"], Does.Not.Exist);
    }

    private async Task<string> JudgeAsync(string judge, string[] verdicts)
    {
        foreach (var (file, text) in new[] { ("r1.jsonl", "first"), ("r2.jsonl", "second") })
        {
            await File.WriteAllLinesAsync(_folder[file], verdicts.Select((_, i) => new ResponseRecord(
                new TestContext($"c{i}", $"c{i}", "UR3", [new Message("user", $"{i}")]), "m", text, ChatCall.Complete, "stop", null, ScriptedModel.Time, 1, 1).ToJson().ToJsonString()));
        }

        var model = new ScriptedModel(r =>
        {
            var text = r.Messages.Single().Content;
            var verdict = verdicts[int.Parse(PromptSections.Read(text, "conversation")!["[user]\n".Length..], System.Globalization.CultureInfo.InvariantCulture)];
            var isFirst = PromptSections.Read(text, "answer_a") == "first";
            return ScriptedModel.Reply(verdict switch { "T" => "[[TIE]]", "-" => "none", "1" => isFirst ? "[[A]]" : "[[B]]", _ => isFirst ? "[[B]]" : "[[A]]" });
        });
        var options = Options(judge.Replace('/', '-')) with { Judge = new GenerationSettings(judge, 0, 1, 100) };
        await new EvaluateStage(model, new RecordingProgress(), NullLogger.Instance).RunAsync(options, CancellationToken.None);
        return options.OutputPath;
    }

    private EvaluateOptions Options(string name) => new()
    {
        Model1 = "one",
        Model2 = "two",
        Responses1Path = _folder["r1.jsonl"],
        Responses2Path = _folder["r2.jsonl"],
        OutputPath = _folder[name + ".json"],
        Judge = new GenerationSettings("judge", 0, 1, 500),
        Prompts = Prompts,
        Provider = "sandbox",
        MaxFailureRate = 1,
    };
}
