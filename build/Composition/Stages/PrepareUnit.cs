using Cfx.Core.Artifacts;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Training;

namespace Cfx.Build.Composition.Stages;

/// <summary>The processed conversations of all methods → training and validation files with the same records in every arm.</summary>
internal static class PrepareUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run)
    {
        var layout = run.Layout;
        var methods = run.Plan.Methods;
        string[] rewriting = [.. methods.Where(m => m != PositiveOnlyMethod.MethodName)];
        var parameters = StudyRun.Identity(run.Options, "finetune-max-context-turns", "finetune-max-conversations");
        parameters["methods"] = string.Join(",", methods);
        var preferences = run.Plan.PreferenceMethods;
        if (preferences.Count > 0)
        {
            parameters["preferences"] = string.Join(",", preferences);
        }

        StageInput[] inputs =
        [
            new(layout.TrainingItems, InputKind.Records, StageTargets.Split),
            .. rewriting.Select(m => new StageInput(layout.Processed(m), InputKind.Records, StageTargets.ForMethod(m))),
        ];
        string[] outputs =
        [
            layout.PrepareCounts,
            layout.PrepareLeftOut,
            .. methods.Concat(preferences.Select(PrepareOptions.PairsOf)).SelectMany(m => new[] { layout.Training(m), layout.Validation(m) }),
        ];
        var recipe = run.FreeRecipe(StageTargets.Prepare, RecipeVersion, parameters, inputs, outputs);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var options = new PrepareOptions(
                layout.DataFolder, rewriting, methods.Contains(PositiveOnlyMethod.MethodName),
                (int?)run.Options.WholeNumberOrNull("finetune", "max-context-turns"),
                (int?)run.Options.WholeNumberOrNull("finetune", "max-conversations"))
            {
                PreferenceMethods = preferences,
            };
            var summary = await new PrepareStage(run.Logger<PrepareStage>()).RunAsync(options, cancellationToken);
            var arms = string.Join(", ", summary.Arms.Select(a => $"{a.Key} {a.Value.Training}+{a.Value.Validation}"));
            return new StageResult(StageCost.None, $"{arms} examples, {summary.LeftOutItems} items left out of every arm");
        });
    }
}
