using Cfx.Core.Artifacts;
using Cfx.Core.Reporting;

namespace Cfx.Build.Composition.Stages;

/// <summary>The test's size now, and what was analysed with another one before → the history of planned sizes.</summary>
internal static class PlannedTestUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run)
    {
        var layout = run.Layout;

        // The analysis that it looks at is no input: an input that a later stage writes would make this one due for ever.
        StageInput[] inputs = [new(layout.TestItems, InputKind.Records, StageTargets.Split)];
        var recipe = run.FreeRecipe(
            StageTargets.Analyze, RecipeVersion, StudyRun.Identity(run.Options, "evaluate-test-size", "analyze-planned"), inputs, layout.PlannedTest);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var contexts = run.Options.WholeNumberOrNull("analyze", "planned") ?? await AnalyzeUnit.PlannedAsync(run, cancellationToken) ?? 0;
            var planned = await PlannedTest.AfterAsync(layout.PlannedTest, layout.Analysis, contexts, cancellationToken);
            await planned.WriteAsync(layout.PlannedTest, cancellationToken);
            return new StageResult(StageCost.None, null);
        });
    }
}
