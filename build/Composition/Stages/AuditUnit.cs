using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Build.Composition.Stages;

/// <summary>The feedback method's rewrites and the liked answers → how far the judge sides with the users.</summary>
internal static class AuditUnit
{
    private const int RecipeVersion = 4;

    /// <summary>Whose rewrites are held against the originals.</summary>
    public const string Method = "feedback";

    /// <exception cref="MisuseException">No arm of the study rewrites with the users' feedback.</exception>
    public static StageUnit Create(StudyRun run)
    {
        if (!run.Plan.Methods.Contains(Method))
        {
            throw new MisuseException($"{StageTargets.Audit} holds the judge against rewrites of the method '{Method}', and no arm of the study uses it; add one to study.json.");
        }

        var layout = run.Layout;
        var alternative = AlternativeMethod.Load(run.PromptFolder);
        var parameters = EvaluateUnit.Parameters(run);
        foreach (var (name, value) in StudyRun.Identity(run.Options, "audit-size", "process-model", "process-temperature", "process-top-p", "process-max-tokens"))
        {
            parameters[name] = value;
        }

        var writing = run.Providers.Role("process");
        if (writing.Identity != run.Providers.Role("evaluate").Identity)
        {
            parameters["process-provider"] = writing.Identity;
        }

        StageInput[] inputs =
        [
            new(layout.Processed(Method), InputKind.Records, StageTargets.ProcessFeedback),
            new(layout.TrainingItems, InputKind.Records, StageTargets.Split),
            .. alternative.Prompts.Select(p => new StageInput(p.Path, InputKind.Text)),
            .. EvaluateUnit.PromptInputs(run),
        ];
        var recipe = run.ProviderRecipe(StageTargets.Audit, RecipeVersion, parameters, inputs, layout.Audit);
        recipe = recipe with { Paid = recipe.Paid || !writing.IsSandbox };
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var options = new AuditOptions
            {
                ProcessedPath = layout.Processed(Method),
                ItemsPath = layout.TrainingItems,
                Alternative = alternative,
                Generator = run.Settings("process", run.Options.Text("process", "model")),
                Judge = run.Settings("evaluate", EvaluateUnit.Judges(run)[0]),
                Prompts = JudgePrompts.Load(run.PromptFolder),
                Provider = run.Providers.Role("evaluate").Provider,
                GeneratorProvider = writing.Provider,
                OutputPath = layout.Audit,
                Size = (int)run.Options.WholeNumber("audit", "size"),
                Seed = run.Seed,
                Concurrency = run.Concurrency("evaluate"),
                Ahead = (section, requests, token) => run.PrefetchAsync(section, requests, token),
            };
            var cost = new CostTally();
            var generator = await run.Providers.ChatAsync("process", cost, cancellationToken);
            var judge = await run.Providers.ChatAsync("evaluate", cost, cancellationToken);
            var summary = await new AuditStage(generator, judge, run.Progress, run.Logger<AuditStage>()).RunAsync(options, cancellationToken);
            return new StageResult(run.Cost(summary.PromptTokens, summary.CompletionTokens, cost), Path.GetRelativePath(run.Root, layout.Audit), summary.Failed);
        });
    }
}
