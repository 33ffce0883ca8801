using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Evaluation;
using Cfx.Core.Reporting.Diff;

namespace Cfx.Core.Tests.Reporting.Diff;

public sealed class StudyDiffTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task A_study_does_not_differ_from_itself()
    {
        Write("a", "feedback_vs_base", "feedback", "base", ("i1", "win"), ("i2", "loss"));
        var difference = await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["a"], default);
        var comparison = difference.Comparisons.Single();
        Assert.That((comparison.Common, comparison.OnlyBefore, comparison.OnlyAfter, comparison.Flips.Count), Is.EqualTo((2, 0, 0, 0)));
        Assert.That(comparison.Before, Is.EqualTo(comparison.After));
        Assert.That(difference.Parameters, Is.Empty);
    }

    [Test]
    public async Task Flipped_new_and_gone_items_are_told_apart()
    {
        Write("a", "feedback_vs_base", "feedback", "base", ("i1", "win"), ("i2", "loss"), ("gone", "win"));
        Write("b", "feedback_vs_base", "feedback", "base", ("i1", "win"), ("i2", "win"), ("new", "win"));
        var comparison = (await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Comparisons.Single();
        Assert.That((comparison.Common, comparison.OnlyBefore, comparison.OnlyAfter), Is.EqualTo((2, 1, 1)));
        Assert.That(comparison.Flips, Is.EqualTo(new[] { new FlippedItem("i2", Told(OutcomeKind.Loss), Told(OutcomeKind.Win)) }));
    }

    [Test]
    public async Task A_file_that_holds_the_pair_the_other_way_round_is_turned()
    {
        Write("a", "base_vs_feedback", "feedback", "base", ("i1", "loss"));
        Write("b", "feedback_vs_base", "feedback", "base", ("i1", "win"));
        var comparison = (await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Comparisons.Single();
        Assert.That(comparison.Common, Is.EqualTo(1));
        Assert.That(comparison.Flips, Is.Empty);
    }

    [Test]
    public async Task A_comparison_that_one_study_lacks_is_told_with_what_there_is()
    {
        Write("a", "feedback_vs_base", "feedback", "base", ("i1", "win"));
        Write("b", "alternative_vs_base", "alternative", "base", ("i1", "win"));
        var difference = await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default);
        Assert.That(
            difference.Comparisons.Select(c => (c.Model1, c.Before is null, c.After is null)),
            Is.EqualTo(new[] { ("feedback", false, true), ("alternative", true, false) }));
    }

    [Test]
    public async Task Settings_that_differ_are_named_with_both_values()
    {
        foreach (var (study, judge) in new[] { ("a", "judge-1"), ("b", "judge-2") })
        {
            Write(study, "feedback_vs_base", "feedback", "base", ("i1", "win"));
            var store = new ArtifactStore(_folder[study], "1.0", new SkippingTime());
            var recipe = new StageRecipe(
                "Evaluate", 1, "sandbox", Paid: false, new Dictionary<string, string> { ["evaluate-judge"] = judge, ["same"] = "1" }, [],
                ["evaluations/feedback_vs_base.json"]);
            await store.CommitAsync(recipe, await store.InspectAsync(recipe, new HashSet<string>(), force: false, default), 0, StageCost.None, default);
        }

        var difference = await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default);
        Assert.That(
            difference.Parameters,
            Is.EqualTo(new[] { new ParameterDifference("evaluations/feedback_vs_base.json", "evaluate-judge", "judge-1", "judge-2") }));
    }

    [Test]
    public async Task Settings_and_prompts_of_stages_that_stand_outside_the_results_are_compared()
    {
        foreach (var (study, rate, prompt) in new[] { ("a", "0.1", "p1"), ("b", "0.2", "p2") })
        {
            Write(study, "feedback_vs_base", "feedback", "base", ("i1", "win"));
            Record(study, new JsonObject { ["prompts/judge.txt"] = prompt, ["prompts/same.txt"] = "x" }, Stage("FineTune", $"models/{study}/feedback_job.json", ("finetune-learning-rate", rate), ("same", "1")));
        }

        Assert.That((await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Parameters, Is.EqualTo(new[]
        {
            new ParameterDifference("models/feedback_job.json", "finetune-learning-rate", "0.1", "0.2"),
            new ParameterDifference("prompts/judge.txt", "sha256", "p1", "p2"),
        }));
    }

    [Test]
    public async Task Another_split_and_other_data_with_the_same_settings_are_told_once_where_they_begin()
    {
        foreach (var study in new[] { "a", "b" })
        {
            Write(study, "feedback_vs_base", "feedback", "base", ("i1", "win"));
            Record(
                study, [],
                Stage("Filter", $"data/{study}/filtered.jsonl", ("fingerprint", "same")), Stage("Split", $"data/{study}/split.jsonl", ("fingerprint", study)),
                Stage("Respond", $"results/{study}/responses/base.jsonl", ("fingerprint", study)));
            var analysis = _folder.Json($"{study}/analysis.json");
            analysis["split_hash"] = "split " + study;
            _folder.Write($"{study}/analysis.json", analysis.ToJsonString());
        }

        Assert.That((await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Parameters, Is.EqualTo(new[]
        {
            new ParameterDifference("data/split.jsonl", "fingerprint", "a", "b"),
            new ParameterDifference("split", "sha256", "split a", "split b"),
        }));
    }

    [Test]
    public async Task Other_data_are_told_beside_a_setting_that_differs_too_but_not_of_an_analysis_that_does_not_tell_them()
    {
        foreach (var (study, n) in new[] { ("a", "10"), ("b", "20") })
        {
            Write(study, "feedback_vs_base", "feedback", "base", ("i1", "win"));
            Record(study, [], Stage("Filter", $"data/{study}/filtered.jsonl", ("study-n", n), ("fingerprint", study)));
        }

        var setting = new ParameterDifference("data/filtered.jsonl", "study-n", "10", "20");
        TellData("b", "data/talks.jsonl", "new");
        Assert.That((await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Parameters, Is.EqualTo(new[] { setting }));

        TellData("a", "data/talks.jsonl", "old");
        Assert.That(
            (await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Parameters,
            Is.EqualTo(new[] { setting, new ParameterDifference("data/talks.jsonl", "sha256", "old", "new") }));

        void TellData(string study, string path, string hash)
        {
            var analysis = _folder.Json($"{study}/analysis.json");
            analysis["run"]!["data"] = new JsonObject { [path] = hash };
            _folder.Write($"{study}/analysis.json", analysis.ToJsonString());
        }
    }

    [Test]
    public async Task A_stage_that_one_study_lacks_is_told()
    {
        foreach (var study in new[] { "a", "b" })
        {
            Write(study, "feedback_vs_base", "feedback", "base", ("i1", "win"));
        }

        Record("a", [], Stage("FineTune", "models/a/x_job.json"));
        Record("b", [], Stage("FineTune", "models/b/x_job.json"), Stage("FineTune-Y", "models/b/y_job.json"));
        Assert.That(
            (await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Parameters,
            Is.EqualTo(new[] { new ParameterDifference("models/y_job.json", "stage", null, "FineTune-Y") }));
    }

    [Test]
    public async Task A_verdict_that_changed_within_a_tie_is_a_flip()
    {
        foreach (var (study, last) in new[] { ("a", "A"), ("b", "TIE") })
        {
            Write(study, "feedback_vs_base", "feedback", "base", ("i1", "win"));
            new EvaluationFixture("feedback", "base").Add(2, "A", "B").Add(1, "A", last).Write(_folder);
            Directory.CreateDirectory(_folder[$"{study}/evaluations"]);
            File.Move(_folder["feedback_vs_base.json"], _folder[$"{study}/evaluations/feedback_vs_base.json"], overwrite: true);
        }

        var comparison = (await StudyDiff.CompareAsync(_folder.Root, _folder["a"], _folder["b"], default)).Comparisons.Single();
        Assert.That(comparison.Flips, Is.EqualTo(new[]
        {
            new FlippedItem(
                "i2", new JudgedItem(new PairOutcome(OutcomeKind.Tie, TieKind.FlipFirst), Verdict.A, Verdict.A),
                new JudgedItem(new PairOutcome(OutcomeKind.Tie, TieKind.SoftModel1), Verdict.A, Verdict.Tie)),
        }));
        Assert.That((comparison.OutcomesFlipped, comparison.VerdictsFlipped), Is.EqualTo((0, 1)));
        Assert.That(
            comparison.ToJson()["flips"]![0]!.ToJsonString(),
            Is.EqualTo("""{"item_id":"i2","before":{"outcome":"tie","tie_kind":"flip_first","normal":"A","reversed":"A"},"after":{"outcome":"tie","tie_kind":"soft_model1","normal":"A","reversed":"TIE"}}"""));
    }

    [Test]
    public async Task Folders_are_told_relative_to_the_project()
    {
        Write("results/a", "feedback_vs_base", "feedback", "base", ("i1", "win"));
        var json = (await StudyDiff.CompareAsync(_folder.Root, _folder["results/a"], _folder["results/a"], default)).ToJson();
        Assert.That(((string)json["baseline"]!, (string)json["current"]!), Is.EqualTo(("results/a", "results/a")));
    }

    [Test]
    public void A_folder_without_an_analysis_is_refused()
    {
        Assert.That(
            async () => await StudyDiff.CompareAsync(_folder.Root, _folder["none"], _folder["none"], default),
            Throws.TypeOf<MisuseException>().With.Message.Contains("analysis.json").And.Message.Contains("does not exist"));
        _folder.Write("bad/analysis.json", """{"comparisons":[{"model1":"a"}]}""");
        Assert.That(async () => await StudyDiff.CompareAsync(_folder.Root, _folder["bad"], _folder["bad"], default), Throws.TypeOf<MisuseException>().With.Message.Contains("is not an analysis"));
    }

    private static JudgedItem Told(OutcomeKind outcome) => new(new PairOutcome(outcome), null, null);

    // A fingerprint stands beside the parameters.
    private static JsonObject Stage(string stage, string artifact, params (string Name, string Value)[] parameters) => new()
    {
        ["stage"] = stage,
        ["artifact"] = artifact,
        ["provider"] = "",
        ["recipe_version"] = 1,
        ["fingerprint"] = parameters.FirstOrDefault(p => p.Name == "fingerprint").Value,
        ["parameters"] = new JsonObject(parameters.Where(p => p.Name != "fingerprint").Select(p => KeyValuePair.Create(p.Name, (JsonNode?)JsonValue.Create(p.Value)))),
    };

    private void Record(string study, JsonObject prompts, params JsonObject[] stages)
    {
        var analysis = _folder.Json($"{study}/analysis.json");
        analysis["study"] = study;
        analysis["run"] = new JsonObject { ["stages"] = new JsonArray([.. stages]), ["prompts"] = prompts };
        _folder.Write($"{study}/analysis.json", analysis.ToJsonString());
    }

    private void Write(string study, string file, string model1, string model2, params (string Item, string Outcome)[] rows)
    {
        _folder.Write($"{study}/analysis.json", $$"""
            {"comparisons":[{"model1":"{{model1}}","model2":"{{model2}}","wins":1,"ties":{"total":0},"losses":0,"h":1,"ci95":[0.2,1],"holm_p":1,"verdict":"no significant difference"}]}
            """);
        _folder.Write($"{study}/evaluations/{file}.json", $$"""
            {"metadata":{},"statistics":{},"evaluations":[{{string.Join(',', rows.Select(r => $$"""{"item_id":"{{r.Item}}","conversation_id":"{{r.Item}}","outcome":"{{r.Outcome}}"}"""))}}]}
            """);
    }
}
