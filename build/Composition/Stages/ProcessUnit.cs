using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Build.Composition.Stages;

/// <summary>The training side's items → the same with better answers, by one method.</summary>
internal static class ProcessUnit
{
    private const int RecipeVersion = 2;

    public static StageUnit Create(StudyRun run, string methodName) =>
        Create(run, methodName, run.Layout.TrainingItems, StageTargets.Split, run.Layout.Processed(methodName)) with
        {
            // The other methods' targets follow in the same run, unless this one alone was asked for.
            Beside = () => run.IsRequested(StageTargets.ForMethod(methodName)) ? []
                : run.Plan.Methods.Where(m => m != methodName).Select(m => Create(run, m)),
        };

    /// <param name="run">The run.</param>
    /// <param name="methodName">How to improve.</param>
    /// <param name="input">The items, or a file of the user's.</param>
    /// <param name="madeBy">The target that makes the input; null for a file of the user's.</param>
    /// <param name="output">A JSON array when it ends in .json, else JSONL.</param>
    public static StageUnit Create(StudyRun run, string methodName, string input, string? madeBy, string output)
    {
        var method = ImprovementMethods.Standard(run.PromptFolder).Get(methodName);
        var asksModel = method.Prompts.Count > 0;
        var parameters = asksModel
            ? StudyRun.Identity(run.Options, "process", "study-seed")
            : StudyRun.Identity(run.Options, "process-max-conversations");
        parameters["process-method"] = methodName;
        StageInput[] inputs =
        [
            new(input, InputKind.Records, madeBy),
            .. method.Prompts.Select(p => new StageInput(p.Path, InputKind.Text)),
        ];
        var stage = StageTargets.ForMethod(methodName);
        var recipe = asksModel
            ? run.ProviderRecipe(stage, RecipeVersion, parameters, inputs, output)
            : run.FreeRecipe(stage, RecipeVersion, parameters, inputs, output);
        var options = Options(run, method, output);
        IAsyncEnumerable<ChatRequest> Requests(CancellationToken cancellationToken) => ImproveStage.Requests(
            madeBy is null ? UsableItems.ReadAsync(run, input, tell: false, cancellationToken) : FilteredItems.ReadAsync(input, cancellationToken), options, cancellationToken);

        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            if (asksModel)
            {
                await run.PrefetchAsync("process", () => Requests(cancellationToken), cancellationToken);
            }

            var cost = new CostTally();
            var model = await run.Providers.ChatAsync("process", cost, cancellationToken);
            var items = madeBy is null ? UsableItems.ReadAsync(run, input, tell: true, cancellationToken) : FilteredItems.ReadAsync(input, cancellationToken);
            var summary = await new ImproveStage(model, run.Progress, run.Logger<ImproveStage>()).RunAsync(items, options, cancellationToken);
            return new StageResult(
                run.Cost(summary.PromptTokens, summary.CompletionTokens, cost),
                $"{methodName}: {summary.Improved} improved, {summary.Kept} kept, {summary.Declined} declined",
                summary.Failed);
        })
        {
            AheadAsync = asksModel ? run.Ahead("process", cancellationToken => Task.FromResult(Requests(cancellationToken))) : null,
        };
    }

    /// <summary>How a method's file is made.</summary>
    public static ImproveOptions Options(StudyRun run, IImprovementMethod method, string output) => new()
    {
        Method = method,
        Settings = run.Settings("process", run.Options.Text("process", "model")),
        Provider = run.Providers.Role("process").Provider,
        OutputPath = output,
        MaxItems = (int?)run.Options.WholeNumberOrNull("process", "max-conversations"),
        Concurrency = run.Concurrency("process"),
        Seed = run.Seed,
    };
}
