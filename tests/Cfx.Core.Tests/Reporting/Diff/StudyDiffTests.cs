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
        var difference = await StudyDiff.CompareAsync(_folder["a"], _folder["a"], default);
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
        var comparison = (await StudyDiff.CompareAsync(_folder["a"], _folder["b"], default)).Comparisons.Single();
        Assert.That((comparison.Common, comparison.OnlyBefore, comparison.OnlyAfter), Is.EqualTo((2, 1, 1)));
        Assert.That(comparison.Flips, Is.EqualTo(new[] { new FlippedItem("i2", OutcomeKind.Loss, OutcomeKind.Win) }));
    }

    [Test]
    public async Task A_file_that_holds_the_pair_the_other_way_round_is_turned()
    {
        Write("a", "base_vs_feedback", "feedback", "base", ("i1", "loss"));
        Write("b", "feedback_vs_base", "feedback", "base", ("i1", "win"));
        var comparison = (await StudyDiff.CompareAsync(_folder["a"], _folder["b"], default)).Comparisons.Single();
        Assert.That(comparison.Common, Is.EqualTo(1));
        Assert.That(comparison.Flips, Is.Empty);
    }

    [Test]
    public async Task A_comparison_that_one_study_lacks_is_told_with_what_there_is()
    {
        Write("a", "feedback_vs_base", "feedback", "base", ("i1", "win"));
        Write("b", "alternative_vs_base", "alternative", "base", ("i1", "win"));
        var difference = await StudyDiff.CompareAsync(_folder["a"], _folder["b"], default);
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

        var difference = await StudyDiff.CompareAsync(_folder["a"], _folder["b"], default);
        Assert.That(
            difference.Parameters,
            Is.EqualTo(new[] { new ParameterDifference("evaluations/feedback_vs_base.json", "evaluate-judge", "judge-1", "judge-2") }));
    }

    [Test]
    public void A_folder_without_an_analysis_is_refused()
    {
        Assert.That(
            async () => await StudyDiff.CompareAsync(_folder["none"], _folder["none"], default),
            Throws.TypeOf<MisuseException>().With.Message.Contains("analysis.json").And.Message.Contains("does not exist"));
        _folder.Write("bad/analysis.json", """{"comparisons":[{"model1":"a"}]}""");
        Assert.That(async () => await StudyDiff.CompareAsync(_folder["bad"], _folder["bad"], default), Throws.TypeOf<MisuseException>().With.Message.Contains("is not an analysis"));
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
