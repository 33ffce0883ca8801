using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Build.Composition.Stages;

/// <summary>The test side's contexts → one answer of one arm to each.</summary>
internal static class RespondUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run, string arm)
    {
        var layout = run.Layout;
        var isBase = run.Plan.BaseModels.TryGetValue(arm, out var untuned);
        var parameters = StudyRun.Identity(run.Options, "respond", "evaluate-test-size", "study-seed");
        var inputs = new List<StageInput> { new(layout.TestItems, InputKind.Records, StageTargets.Split) };
        if (isBase)
        {
            parameters["model"] = untuned!;
        }
        else
        {
            inputs.Add(new StageInput(layout.Model(arm), InputKind.Text, StageTargets.ForArm(arm)));
        }

        parameters["arm"] = arm;
        var recipe = run.ProviderRecipe(StageTargets.Respond, RecipeVersion, parameters, inputs, layout.Responses(arm));
        async Task<RespondOptions> OptionsAsync(CancellationToken cancellationToken) =>
            Options(run, arm, untuned ?? await ModelAsync(layout.Model(arm), cancellationToken));

        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var options = await OptionsAsync(cancellationToken);
            await run.PrefetchAsync("respond", () => RespondStage.Requests(Contexts(run, cancellationToken), options), cancellationToken);
            var cost = new CostTally();
            var model = await run.Providers.ChatAsync("respond", cost, cancellationToken);
            var summary = await new RespondStage(model, run.Progress, run.Logger<RespondStage>()).RunAsync(Contexts(run, cancellationToken), options, cancellationToken);
            await run.Providers.Serving.NoteAsync(arm, cancellationToken);
            if (await run.Providers.Serving.IsByTheMinuteAsync(cancellationToken))
            {
                // Minutes of a deployment belong to no single answer.
                cost.Add(null);
            }

            return new StageResult(
                run.Cost(summary.PromptTokens, summary.CompletionTokens, cost), $"{arm}: {summary.Complete} of {summary.Contexts} answers", summary.Failed);
        })
        {
            AfterAsync = async cancellationToken =>
                await run.Providers.Serving.ReleaseAsync(untuned ?? await ModelAsync(layout.Model(arm), cancellationToken), cancellationToken),
            AheadAsync = run.Ahead("respond", async cancellationToken => RespondStage.Requests(Contexts(run, cancellationToken), await OptionsAsync(cancellationToken))),
        };
    }

    /// <summary>How an arm's answers are drawn.</summary>
    public static RespondOptions Options(StudyRun run, string arm, string model) => new()
    {
        Arm = arm,
        Settings = run.Settings("respond", model),
        OutputPath = run.Layout.Responses(arm),
        Concurrency = run.Concurrency("respond"),
        Seed = run.Seed,
    };

    /// <summary>The study's test contexts, once it is split.</summary>
    public static IAsyncEnumerable<TestContext> Contexts(StudyRun run, CancellationToken cancellationToken) => TestContexts.FromItemsAsync(
        FilteredItems.ReadAsync(run.Layout.TestItems, cancellationToken), (int)run.Options.WholeNumber("evaluate", "test-size"), cancellationToken);

    /// <summary>The name of an arm's tuned model.</summary>
    /// <exception cref="MisuseException">The file names none.</exception>
    public static async Task<string> ModelAsync(string path, CancellationToken cancellationToken) =>
        (string?)JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))?["model"]
        ?? throw new MisuseException($"'{path}' names no model. Run the target FineTune again.");
}
