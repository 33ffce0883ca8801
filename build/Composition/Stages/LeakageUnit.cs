using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;

namespace Cfx.Build.Composition.Stages;

/// <summary>The test side and everything that training read → which test contexts are in it.</summary>
internal static class LeakageUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run)
    {
        var layout = run.Layout;
        string[] training = [.. run.Plan.TrainedArms.Select(run.Plan.DataOf).Distinct(StringComparer.Ordinal).SelectMany(d => new[] { layout.Training(d), layout.Validation(d) })];
        StageInput[] inputs =
        [
            new(layout.TestItems, InputKind.Records, StageTargets.Split),
            new(layout.TrainingItems, InputKind.Records, StageTargets.Split),
            .. training.Select(path => new StageInput(path, InputKind.File, StageTargets.Prepare)),
        ];
        var recipe = run.FreeRecipe(StageTargets.Analyze, RecipeVersion, StudyRun.Identity(run.Options, "evaluate-test-size"), inputs, layout.Leakage);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var options = new LeakageOptions(layout.TestItems, (int)run.Options.WholeNumber("evaluate", "test-size"), layout.TrainingItems, training, layout.Leakage);
            var report = await new LeakageStage(run.Progress, run.Logger<LeakageStage>()).RunAsync(options, cancellationToken);
            return new StageResult(StageCost.None, report.Overlapping.Count == 0 ? null : $"{report.Overlapping.Count} test contexts seen in training");
        });
    }
}
