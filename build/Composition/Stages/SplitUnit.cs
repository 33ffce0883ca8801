using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;

namespace Cfx.Build.Composition.Stages;

/// <summary>The usable items → what trains and what tests, frozen.</summary>
internal static class SplitUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run)
    {
        var layout = run.Layout;
        var recipe = run.FreeRecipe(
            StageTargets.Split, RecipeVersion,
            StudyRun.Identity(run.Options, "split", "finetune-train-split"),
            [new StageInput(layout.Filtered, InputKind.Records, StageTargets.Filter)],
            layout.Split, layout.TrainingItems, layout.TestItems, layout.SplitLeftOut, layout.SplitCounts);
        return new StageUnit(recipe, async (force, cancellationToken) =>
        {
            var options = new SplitOptions(
                layout.Filtered, layout.Split, layout.TrainingItems, layout.TestItems, layout.SplitLeftOut, layout.SplitCounts,
                run.Options.WholeNumber("split", "seed"),
                run.Options.Number("split", "test-share"),
                run.Options.Number("finetune", "train-split"),
                Redraw: force);
            var summary = await new SplitStage(run.Logger<SplitStage>(), run.Progress).RunAsync(options, cancellationToken);
            return new StageResult(
                StageCost.None,
                $"{summary.Items[SplitSide.Train]} train, {summary.Items[SplitSide.Validation]} validation, {summary.Items[SplitSide.Test]} test");
        });
    }
}
