using System.Globalization;
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
    public static IEnumerable<StageUnit> ForTarget(StudyRun run, string target) => ArmsOf(run, target).Select(a => Create(run, a));

    /// <summary>The jobs of a target that are to be done in this run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stages">Tells what is due.</param>
    /// <param name="target">A target that trains arms.</param>
    /// <param name="force">Whether it is forced.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    public static async Task<IReadOnlyList<FineTuneOptions>> DueAsync(
        StudyRun run, StageRunner stages, string target, bool force, CancellationToken cancellationToken)
    {
        var due = new List<FineTuneOptions>();
        foreach (var arm in ArmsOf(run, target))
        {
            var unit = Create(run, arm);

            // An input that is not there yet is for the target itself to tell.
            if (unit.Recipe.Inputs.All(i => File.Exists(i.Path)) && await stages.IsDueAsync(unit, force, cancellationToken))
            {
                due.Add(Options(run, arm, force));
            }
        }

        return due;
    }

    private static IEnumerable<ArmDefinition> ArmsOf(StudyRun run, string target) =>
        run.Plan.TrainedArms.Where(a => StageTargets.ForArm(a.Name) == target);

    private static StageUnit Create(StudyRun run, ArmDefinition arm)
    {
        var layout = run.Layout;
        var target = StageTargets.ForArm(arm.Name);
        var data = run.Plan.DataOf(arm);
        StageInput[] inputs =
        [
            new(layout.Training(data), InputKind.File, StageTargets.Prepare),
            new(layout.Validation(data), InputKind.File, StageTargets.Prepare),
        ];
        var recipe = run.ProviderRecipe(target, RecipeVersion, Parameters(run, arm), inputs, layout.Job(arm.Name), layout.Model(arm.Name));
        return new StageUnit(recipe, async (force, cancellationToken) =>
        {
            var record = await run.Jobs.CollectAsync(run, Options(run, arm, force), cancellationToken);
            await WriteModelAsync(layout.Model(arm.Name), record, cancellationToken);
            return new StageResult(new StageCost(null, record.TokenCount, run.Providers.IsSandbox ? 0 : record.BilledUsd), record.OutputModel);
        })
        {
            Lost = () => LossOf(run, layout.Model(arm.Name)),
            IsApart = true,
        };
    }

    // Only what is not as usual is added, so that plain arms keep their fingerprints.
    private static Dictionary<string, string> Parameters(StudyRun run, ArmDefinition arm)
    {
        var values = run.Options.ForArm(arm);
        var parameters = Parameters(values);
        parameters["arm"] = arm.Name;
        if (arm.Replicate > 1)
        {
            parameters["replicate"] = arm.Replicate.ToString(CultureInfo.InvariantCulture);
        }

        if (IsPreference(values))
        {
            parameters["finetune-training"] = values.Text("finetune", "training");
            parameters["finetune-dpo-beta"] = values.Text("finetune", "dpo-beta");
        }

        return parameters;
    }

    private static FineTuneOptions Options(StudyRun run, ArmDefinition arm, bool force)
    {
        var layout = run.Layout;
        var values = run.Options.ForArm(arm);
        var data = run.Plan.DataOf(arm);
        var options = Options(
            run, values, arm.Name, layout.Training(data), layout.Validation(data), layout.Job(arm.Name), values.TextOrNull("finetune", "suffix") ?? arm.Name, force);
        return options with
        {
            Hyperparameters = options.Hyperparameters with
            {
                Seed = ArmReplicates.Seed(run.Seed, arm),
                DpoBeta = IsPreference(values) ? values.Number("finetune", "dpo-beta") : null,
            },
        };
    }

    private static bool IsPreference(OptionValues values) => values.Text("finetune", "training") == "dpo";

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
        Monitor: !values.Flag("finetune", "no-monitor") && !values.Flag("study", "no-wait"),
        TimeSpan.FromSeconds(values.Number("finetune", "check-interval")),
        TimeSpan.FromHours(values.Number("finetune", "deadline")),
        force)
        {
            LostReplyWindow = TimeSpan.FromSeconds(values.Number("study", "lost-reply-window")),
            Budget = run.Budget,
            FallbackPrice = run.JobPrice,
            WandbProject = values.TextOrNull("finetune", "wandb-project"),
        };

    /// <summary>Writes what answers depend on, apart from the job record, which also tells times and events.</summary>
    public static Task WriteModelAsync(string path, JobRecord record, CancellationToken cancellationToken) => AtomicFile.WriteBytesAsync(
        path,
        JsonText.Indented(new JsonObject { ["model"] = record.OutputModel, ["job_id"] = record.JobId }),
        cancellationToken);
}
