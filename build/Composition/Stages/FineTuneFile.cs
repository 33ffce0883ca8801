using Cfx.Core.Artifacts;
using Cfx.Core.Training;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Stages;

/// <summary>A processed file of the user's → a tuned model, outside any study.</summary>
internal static class FineTuneFile
{
    private const int RecipeVersion = 1;

    public static IEnumerable<StageUnit> Units(StudyRun run, string given)
    {
        var input = run.Full(given);
        var options = new StandaloneOptions(
            input,
            Path.Combine(run.Root, "data"),
            run.Options.Number("finetune", "train-split"),
            (int?)run.Options.WholeNumberOrNull("finetune", "max-conversations"),
            (int?)run.Options.WholeNumberOrNull("finetune", "max-context-turns"),
            (ulong)run.Seed)
        {
            Redactor = run.Options.Redactor,
        };
        return [Preparation(run, options), Job(run, options)];
    }

    private static StageUnit Preparation(StudyRun run, StandaloneOptions options)
    {
        var parameters = StudyRun.Identity(
            run.Options, "finetune-train-split", "finetune-max-conversations", "finetune-max-context-turns", "study-seed");
        var recipe = run.FreeRecipe(
            StageTargets.FineTune, RecipeVersion, parameters, [new StageInput(options.InputPath, InputKind.Records)],
            options.TrainingPath, options.ValidationPath, options.LeftOutPath, options.SummaryPath);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var logger = run.Logger<StandalonePreparation>();
            var summary = await new StandalonePreparation(logger).RunAsync(options, cancellationToken);
            return new StageResult(StageCost.None, $"{summary.Counts.Training} training and {summary.Counts.Validation} validation examples");
        });
    }

    private static StageUnit Job(StudyRun run, StandaloneOptions options)
    {
        var parameters = FineTuneUnit.Parameters(run.Options);
        StageInput[] inputs =
        [
            new(options.TrainingPath, InputKind.File, StageTargets.FineTune),
            new(options.ValidationPath, InputKind.File, StageTargets.FineTune),
        ];
        var model = Path.Combine(run.Root, "models", $"{options.InputName}{(run.Providers.IsSandbox ? StudyLayout.SandboxEnding : string.Empty)}_model.json");
        var recipe = run.ProviderRecipe(StageTargets.FineTune, RecipeVersion, parameters, inputs, model);
        return new StageUnit(recipe, async (force, cancellationToken) =>
        {
            var job = FineTuneUnit.Options(
                run, run.Options, options.InputName, options.TrainingPath, options.ValidationPath, record: string.Empty,
                run.Options.TextOrNull("finetune", "suffix") ?? options.InputName, force);
            var plan = await JobPlan.MakeAsync(job, cancellationToken);
            var path = await JobRecordFiles.FindOrNameAsync(
                Path.Combine(run.Root, "models"), options.InputName, run.Providers.Identity, plan, run.Time.GetUtcNow(), cancellationToken);
            await run.Providers.Serving.RequireServableAsync(job.BaseModel, cancellationToken);
            var service = await run.Providers.FineTuningAsync(cancellationToken);
            var stage = new FineTuneStage(service, run.Time, run.Progress, run.Logger<FineTuneStage>());
            var record = await stage.RunAsync(job with { RecordPath = path }, cancellationToken);
            await FineTuneUnit.WriteModelAsync(model, record, cancellationToken);
            run.Logger<FineTuneStage>().LogInformation("The tuned model is {Model}; its record is {Record}", record.OutputModel, Path.GetRelativePath(run.Root, path));
            return new StageResult(new StageCost(null, record.TokenCount, run.Providers.IsSandbox ? 0 : record.BilledUsd), record.OutputModel);
        })
        {
            Lost = () => FineTuneUnit.LossOf(run, model),
        };
    }
}
