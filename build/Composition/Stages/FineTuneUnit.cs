using System.Text.Json.Nodes;
using Cfx.Build.Options;
using Cfx.Core.Artifacts;
using Cfx.Core.Training;
using Cfx.Sandbox;

namespace Cfx.Build.Composition.Stages;

/// <summary>An arm's training file → its tuned model.</summary>
internal static class FineTuneUnit
{
    private const int RecipeVersion = 1;

    /// <summary>The arms that a target trains.</summary>
    public static IEnumerable<StageUnit> ForTarget(StudyRun run, string target) =>
        run.Plan.TrainedArms.Where(a => StageTargets.ForArm(a.Name) == target).Select(a => Create(run, a));

    private static StageUnit Create(StudyRun run, ArmDefinition arm)
    {
        var layout = run.Layout;
        var target = StageTargets.ForArm(arm.Name);
        var values = run.Options.ForArm(arm);
        StageInput[] inputs =
        [
            new(layout.Training(arm.Method), InputKind.File, StageTargets.Prepare),
            new(layout.Validation(arm.Method), InputKind.File, StageTargets.Prepare),
        ];
        var parameters = Parameters(values);
        parameters["arm"] = arm.Name;
        var recipe = run.ProviderRecipe(target, RecipeVersion, parameters, inputs, layout.Job(arm.Name), layout.Model(arm.Name));
        return new StageUnit(recipe, async (force, cancellationToken) =>
        {
            var options = Options(
                run, values, arm.Name, layout.Training(arm.Method), layout.Validation(arm.Method), layout.Job(arm.Name),
                values.TextOrNull("finetune", "suffix") ?? arm.Name, force);
            await run.Providers.Serving.RequireServableAsync(options.BaseModel, cancellationToken);
            var service = await run.Providers.FineTuningAsync(cancellationToken);
            var record = await new FineTuneStage(service, run.Time, run.Progress, run.Logger<FineTuneStage>()).RunAsync(options, cancellationToken);
            await WriteModelAsync(layout.Model(arm.Name), record, cancellationToken);
            return new StageResult(new StageCost(null, record.TokenCount, run.Providers.IsSandbox ? 0 : record.PriceUsd), record.OutputModel);
        })
        {
            Lost = () => LossOf(run, layout.Model(arm.Name)),
        };
    }

    /// <summary>Why a tuned model can no longer be asked; null when it can, or when only the provider knows.</summary>
    public static string? LossOf(StudyRun run, string modelPath)
    {
        if (!run.Providers.IsEmbedded || !File.Exists(modelPath) || (string?)JsonNode.Parse(File.ReadAllText(modelPath))?["job_id"] is not { } job)
        {
            return null;
        }

        var state = SandboxSettings.From(run.Options, run.Root).StateFolder;
        return SandboxServer.KnowsJob(state, job) ? null : $"the sandbox has lost job {job} and its model (state folder {Path.GetRelativePath(run.Root, state)})";
    }

    /// <summary>The options that decide what a job makes.</summary>
    public static Dictionary<string, string> Parameters(OptionValues values) => StudyRun.Identity(
        values, "finetune-model", "finetune-epochs", "finetune-learning-rate", "finetune-suffix", "finetune-lora", "finetune-full",
        "finetune-lora-rank", "finetune-batch-size", "study-seed");

    public static FineTuneOptions Options(
        StudyRun run, OptionValues values, string arm, string training, string? validation, string record, string suffix, bool force) => new(
        arm,
        run.Providers.Identity,
        run.Providers.IsSandbox,
        values.Text("finetune", "model"),
        training,
        validation,
        new Hyperparameters(
            (int)values.WholeNumber("finetune", "epochs"),
            values.Number("finetune", "learning-rate"),
            (int?)values.WholeNumberOrNull("finetune", "batch-size"),
            Lora: values.Flag("finetune", "lora") && !values.Flag("finetune", "full"),
            (int?)values.WholeNumberOrNull("finetune", "lora-rank"),
            Evaluations: (int)values.WholeNumber("finetune", "epochs"),
            run.Seed),
        suffix,
        record,
        Monitor: !values.Flag("finetune", "no-monitor"),
        TimeSpan.FromSeconds(values.Number("finetune", "check-interval")),
        TimeSpan.FromHours(values.Number("finetune", "deadline")),
        force)
        {
            // The sandbox lists a job the moment it is made.
            LostReplyWindow = TimeSpan.FromSeconds(run.Providers.IsSandbox ? 1 : 60),
        };

    /// <summary>Writes what answers depend on, apart from the job record, which also tells times and events.</summary>
    public static Task WriteModelAsync(string path, JobRecord record, CancellationToken cancellationToken) => AtomicFile.WriteBytesAsync(
        path,
        JsonText.Indented(new JsonObject { ["model"] = record.OutputModel, ["job_id"] = record.JobId }),
        cancellationToken);
}
