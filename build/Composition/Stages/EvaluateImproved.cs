using System.Text.Json.Nodes;
using Cfx.Build.Composition.Providers;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Evaluation;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Stages;

/// <summary>One processed file → its improved answers judged against the original ones.</summary>
internal static class EvaluateImproved
{
    private const int RecipeVersion = 2;

    /// <summary>Whether the run is about this.</summary>
    public static bool IsAsked(StudyRun run) => run.Options.Text("evaluate", "mode") == "feedback";

    public static StageUnit Create(StudyRun run)
    {
        var given = run.Options.Text("evaluate", "conversations");
        var source = run.Full(given);
        var output = run.Full(run.Options.TextOrNull("evaluate", "output") ?? $"results/{SafeFileName.Of(Path.GetFileNameWithoutExtension(given))}_improved_vs_original.json");
        if (output == source)
        {
            throw new MisuseException($"--output is the file of conversations '{source}' itself; give another file.");
        }

        var parameters = EvaluateUnit.Parameters(run);
        foreach (var (name, value) in StudyRun.Identity(run.Options, "evaluate-mode", "evaluate-test-size"))
        {
            parameters[name] = value;
        }

        if (Generator(run, source) is { } known && ModelFamily.Shared(run.Options.Text("evaluate", "judge"), known) is not null)
        {
            // The file may then warn of it by name; records of this version tell it themselves.
            parameters["generator"] = known;
        }

        var (improved, original) = (Path.ChangeExtension(output, ".model1.jsonl"), Path.ChangeExtension(output, ".model2.jsonl"));
        StageInput[] inputs = [new(source, InputKind.Records), .. EvaluateUnit.PromptInputs(run)];
        var recipe = run.ProviderRecipe(StageTargets.Evaluate, RecipeVersion, parameters, inputs, output, improved, original);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var logger = run.Logger<EvaluateStage>();
            var pairs = await ImprovedAgainstOriginal.WriteAsync(
                Records(run, source, logger, cancellationToken),
                (int)run.Options.WholeNumber("evaluate", "test-size"),
                improved,
                original,
                (id, reason) => logger.LogWarning("Left out conversation {Id}: {Reason}", id, reason),
                cancellationToken);
            if (pairs.Count == 0)
            {
                throw new MisuseException($"'{source}' has no improved record with its original answer; give a file that Process wrote.");
            }

            var options = EvaluateUnit.Options(run, ImprovedAgainstOriginal.Improved, ImprovedAgainstOriginal.Original, null) with
            {
                Responses1Path = improved,
                Responses2Path = original,
                OutputPath = output,
                ExpectedPairs = pairs.Count,
                Generators = pairs.Generators.Count > 0 ? pairs.Generators : Generator(run, source) is { } generator ? [generator] : [],

                // One sandbox among the generators is enough for the mark. The original answers are nobody's of ours.
                GeneratorProvider = pairs.Providers.Contains(ProviderRole.Sandbox) ? ProviderRole.Sandbox : pairs.Providers is [var first, ..] ? first : null,
                ArmsProvider = null,
                PlannedPairs = null,
            };
            await run.PrefetchAsync("evaluate", () => EvaluateStage.RequestsAsync(options, cancellationToken), cancellationToken);
            var cost = new CostTally();
            var judge = await run.Providers.ChatAsync("evaluate", cost, cancellationToken);
            var summary = await new EvaluateStage(judge, run.Progress, logger).RunAsync(options, cancellationToken);
            logger.LogInformation("The comparison is in {File}", Path.GetRelativePath(run.Root, output));
            return EvaluateUnit.Result(run, summary, cost);
        });
    }

    // Records of earlier versions do not tell who wrote them; those of the study are its own generator's.
    private static string? Generator(StudyRun run, string source) =>
        run.Plan.Methods.Any(m => m != "positive_only" && run.Layout.Processed(m) == source) ? run.Options.Text("process", "model") : null;

    private static async IAsyncEnumerable<JsonObject> Records(
        StudyRun run, string source, ILogger logger, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var read in RedactedRecords.ReadAsync(source, run.Options.Redactor, null, cancellationToken))
        {
            if (read.Value is { } record)
            {
                yield return record;
            }
            else
            {
                logger.LogWarning("Left out: {Fault}", read.Rejected);
            }
        }
    }
}
