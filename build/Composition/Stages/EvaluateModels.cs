using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Stages;

/// <summary>Two models by name → their answers to the same contexts and the judged comparison, outside the study's three.</summary>
internal static class EvaluateModels
{
    private const int RecipeVersion = 2;

    public static StageUnit Create(StudyRun run)
    {
        var (model1, model2) = (Model(run, run.Options.Text("evaluate", "model1")), Model(run, run.Options.Text("evaluate", "model2")));
        var given = run.Options.TextOrNull("evaluate", "conversations");
        var source = given is null ? run.Layout.TestItems : run.Full(given);
        var output = run.Full(run.Options.TextOrNull("evaluate", "output") ?? $"results/{SafeFileName.Of(model1)}_vs_{SafeFileName.Of(model2)}{(given is null ? string.Empty : "_on_" + Path.GetFileNameWithoutExtension(given))}.json");
        var parameters = EvaluateUnit.Parameters(run);
        foreach (var (name, value) in StudyRun.Identity(run.Options, "respond", "evaluate-test-size"))
        {
            parameters[name] = value;
        }

        parameters["model1"] = model1;
        parameters["model2"] = model2;
        StageInput[] inputs =
        [
            new(source, InputKind.Records, given is null ? StageTargets.Split : null),
            .. EvaluateUnit.PromptInputs(run),
        ];
        var answering = run.Providers.Role("respond");
        if (answering.Identity != run.Providers.Role("evaluate").Identity)
        {
            parameters["respond-provider"] = answering.Identity;
        }

        IReadOnlyList<string> training = given is null ? [] : TrainedOn.Files(run, model1, model2);
        inputs = [.. inputs, .. training.Select(path => new StageInput(path, InputKind.File))];
        var recipe = run.ProviderRecipe(StageTargets.Evaluate, RecipeVersion, parameters, inputs, output, Path.ChangeExtension(output, ".model1.jsonl"), Path.ChangeExtension(output, ".model2.jsonl"));
        recipe = recipe with { Paid = recipe.Paid || !answering.IsSandbox };
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var size = (int)run.Options.WholeNumber("evaluate", "test-size");
            var options = new StandaloneEvaluationOptions
            {
                Model1 = model1,
                Model2 = model2,
                Answers = run.Settings("respond", model1),
                Judge = run.Settings("evaluate", run.Options.Text("evaluate", "judge")),
                Prompts = JudgePrompts.Load(run.PromptFolder),
                OutputPath = output,
                Provider = run.Providers.Role("evaluate").Provider,
                ArmsProvider = answering.Provider,
                Cautions = await CautionsAsync(run, given, () => Contexts(run, given is null, source, size, tell: false, cancellationToken), training, cancellationToken),
                Concurrency = run.Concurrency("evaluate"),
                Seed = run.Seed,
                WarnFailureRate = run.Options.Number("evaluate", "warn-incomplete"),
                MaxFailureRate = run.Options.Number("evaluate", "max-incomplete"),
                Ahead = (stage, requests, token) => run.PrefetchAsync(stage, requests, token),
            };
            var cost = new CostTally();
            var model = await run.Providers.ChatAsync("respond", cost, cancellationToken);
            var judge = await run.Providers.ChatAsync("evaluate", cost, cancellationToken);
            var logger = run.Logger<StandaloneEvaluation>();
            var summary = await new StandaloneEvaluation(model, judge, run.Progress, logger).RunAsync(
                () => Contexts(run, given is null, source, size, tell: true, cancellationToken), options, cancellationToken);
            logger.LogInformation("The comparison is in {File}", Path.GetRelativePath(run.Root, output));
            return EvaluateUnit.Result(run, summary, cost);
        });
    }

    // The study's own test side is kept apart from training; a file of the user's is not.
    private static async Task<IReadOnlyList<string>> CautionsAsync(
        StudyRun run, string? given, Func<IAsyncEnumerable<TestContext>> contexts, IReadOnlyList<string> training, CancellationToken cancellationToken)
    {
        if (training.Count == 0)
        {
            return [];
        }

        var (all, found) = await TrainingOverlap.FindAsync(contexts(), training, cancellationToken);
        if (found.Count == 0)
        {
            return [];
        }

        var caution = $"{found.Count} of {all} contexts of {Path.GetFileName(given)} stand in files that a contestant was trained on "
            + $"({string.Join(", ", training.Select(Path.GetFileName))}), for example item {found[0]}: on those its answers show what it remembers, not how well it answers anew.";
        run.Logger<StandaloneEvaluation>().LogWarning("{Caution}", caution);
        return [caution];
    }

    private static IAsyncEnumerable<TestContext> Contexts(
        StudyRun run, bool ofStudy, string source, int size, bool tell, CancellationToken cancellationToken)
    {
        if (ofStudy)
        {
            return TestContexts.FromItemsAsync(FilteredItems.ReadAsync(source, cancellationToken), size, cancellationToken);
        }

        var logger = run.Logger<StandaloneEvaluation>();
        return TestContexts.FromRecordsAsync(
            Records(source, run.Options.Redactor, tell ? logger : null, cancellationToken),
            record => FeedbackItemLocator.TryLocate(record, null, out var item, out _) ? item : null,
            size,
            (id, reason) =>
            {
                if (tell)
                {
                    logger.LogWarning("Left out conversation {Id}: {Reason}", id, reason);
                }
            },
            cancellationToken);
    }

    private static async IAsyncEnumerable<JsonObject> Records(
        string source, Redactor redactor, ILogger? logger, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var read in RedactedRecords.ReadAsync(source, redactor, null, cancellationToken))
        {
            if (read.Value is { } record)
            {
                yield return record;
            }
            else
            {
                logger?.LogWarning("Left out: {Fault}", read.Rejected);
            }
        }
    }

    // An arm's name stands for its model.
    private static string Model(StudyRun run, string name)
    {
        if (run.Plan.BaseModels.TryGetValue(name, out var untuned))
        {
            return untuned;
        }

        if (!run.Plan.Arms.Contains(name))
        {
            return name;
        }

        var path = run.Layout.Model(name);
        return File.Exists(path) && (string?)JsonNode.Parse(File.ReadAllText(path))?["model"] is { } model
            ? model
            : throw new MisuseException($"The arm '{name}' has no tuned model yet. Run the target {StageTargets.ForArm(name)} first.");
    }
}
