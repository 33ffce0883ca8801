using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Evaluation;

namespace Cfx.Build.Composition.Stages;

/// <summary>Two arms' answers → each pair judged in both orders.</summary>
internal static class EvaluateUnit
{
    private const int RecipeVersion = 2;

    /// <summary>The comparisons that a target makes.</summary>
    public static IEnumerable<StageUnit> ForTarget(StudyRun run, string target) => run.Plan.Comparisons
        .Where(c => StageTargets.ForComparison(c.Model1, c.Model2) == target)
        .Select(c => Create(run, c.Model1, c.Model2));

    private static StageUnit Create(StudyRun run, string model1, string model2)
    {
        var layout = run.Layout;
        var parameters = Parameters(run);
        parameters["model1"] = model1;
        parameters["model2"] = model2;
        if (Judges(run).Any(judge => ModelFamily.Shared(judge, run.Options.Text("process", "model")) is not null))
        {
            // The file then warns of it by name.
            parameters["generator"] = run.Options.Text("process", "model");
        }

        AddProviders(run, parameters, "process", "respond");
        StageInput[] inputs =
        [
            new(layout.Responses(model1), InputKind.Records, StageTargets.Respond),
            new(layout.Responses(model2), InputKind.Records, StageTargets.Respond),
            .. PromptInputs(run),
        ];
        var output = layout.Comparison(model1, model2);
        var judges = Judges(run);
        string[] outputs = judges.Count == 1 ? [output] : [output, .. judges.Select(j => layout.JudgeComparison(j, model1, model2))];
        var recipe = run.ProviderRecipe(StageTargets.ForComparison(model1, model2), RecipeVersion, parameters, inputs, outputs);
        async Task<EvaluateOptions> OptionsAsync(CancellationToken cancellationToken) =>
            Options(run, model1, model2, await SplitHashAsync(layout.SplitCounts, cancellationToken));
        async Task<List<EvaluateOptions>> OfJudgesAsync(CancellationToken cancellationToken)
        {
            var options = await OptionsAsync(cancellationToken);
            return judges.Count == 1 ? [options] : [.. judges.Select(j => options with
            {
                Judge = run.Settings("evaluate", j),
                OutputPath = layout.JudgeComparison(j, model1, model2),

                // What counts is what the majority lacks.
                MaxFailureRate = 1,
            })];
        }

        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var each = await OfJudgesAsync(cancellationToken);
            await run.PrefetchAsync("evaluate", () => Requests(each, cancellationToken), cancellationToken);
            var cost = new CostTally();
            var judge = await run.Providers.ChatAsync("evaluate", cost, cancellationToken);
            var summaries = new List<EvaluateSummary>();
            foreach (var options in each)
            {
                summaries.Add(await new EvaluateStage(judge, run.Progress, run.Logger<EvaluateStage>()).RunAsync(options, cancellationToken));
            }

            if (judges.Count == 1)
            {
                return Result(run, summaries[0], cost);
            }

            var ofPanel = await OptionsAsync(cancellationToken);
            var together = await JudgePanel.CombineAsync([.. each.Select(o => (o.Judge.Model, o.OutputPath))], ofPanel, cancellationToken);
            return Result(run, summaries[0] with
            {
                Statistics = together,
                Monitoring = EvaluateMonitoring.Of(together, ofPanel),
                Failed = summaries.Sum(s => s.Failed),
                PromptTokens = summaries.Sum(s => s.PromptTokens),
                CompletionTokens = summaries.Sum(s => s.CompletionTokens),
            }, cost);
        })
        {
            AheadAsync = run.Ahead("evaluate", async cancellationToken => Requests(await OfJudgesAsync(cancellationToken), cancellationToken)),

            // The other pairs' targets follow in the same run, unless this one alone was asked for.
            Beside = () => run.IsRequested(StageTargets.ForComparison(model1, model2)) ? []
                : run.Plan.Comparisons.Where(c => c != (model1, model2)).Select(c => Create(run, c.Model1, c.Model2)),
        };
    }

    /// <summary>How a comparison is made.</summary>
    public static EvaluateOptions Options(StudyRun run, string model1, string model2, string? splitHash) => new()
    {
        Model1 = model1,
        Model2 = model2,
        Responses1Path = run.Layout.Responses(model1),
        Responses2Path = run.Layout.Responses(model2),
        OutputPath = run.Layout.Comparison(model1, model2),
        Judge = run.Settings("evaluate", run.Options.Text("evaluate", "judge")),
        Prompts = JudgePrompts.Load(run.PromptFolder),
        Provider = run.Providers.Role("evaluate").Provider,
        ArmsProvider = run.Providers.Role("respond").Provider,
        GeneratorProvider = run.Providers.Role("process").Provider,
        SplitHash = splitHash,
        Generators = [run.Options.Text("process", "model")],
        WarnFailureRate = run.Options.Number("evaluate", "warn-incomplete"),
        MaxFailureRate = run.Options.Number("evaluate", "max-incomplete"),
        Concurrency = run.Concurrency("evaluate"),
        Seed = run.Seed,
        PlannedPairs = run.Options.WholeNumberOrNull("analyze", "planned"),
        PlannedComparisons = run.Plan.Comparisons.Count,
    };

    /// <summary>Adds who serves other sections' models where it is not who serves the judge: the file then says so.</summary>
    public static void AddProviders(StudyRun run, Dictionary<string, string> parameters, params IReadOnlyList<string> sections)
    {
        foreach (var section in sections)
        {
            if (run.Providers.Role(section).Identity is var identity && identity != run.Providers.Role("evaluate").Identity)
            {
                parameters[$"{section}-provider"] = identity;
            }
        }
    }

    /// <summary>The models that judge, each once: one, or those of --judges.</summary>
    public static IReadOnlyList<string> Judges(StudyRun run) => run.Options.TextOrNull("evaluate", "judges") is { } several
        ? [.. several.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)]
        : [run.Options.Text("evaluate", "judge")];

    private static IAsyncEnumerable<Core.Generation.ChatRequest> Requests(IEnumerable<EvaluateOptions> each, CancellationToken cancellationToken) =>
        each.ToAsyncEnumerable().SelectMany(options => EvaluateStage.RequestsAsync(options, cancellationToken));

    public static Dictionary<string, string> Parameters(StudyRun run)
    {
        var parameters = StudyRun.Identity(run.Options, "evaluate-judge", "evaluate-temperature", "evaluate-max-tokens", "study-seed");
        foreach (var key in (IEnumerable<string>)["warn-incomplete", "max-incomplete", "judges"])
        {
            // Said only where it is not the usual: what was made before these could be chosen stays up to date.
            var option = run.Options.Catalog.Find("evaluate", key)!;
            if (run.Options.TextOrNull("evaluate", key) is { } text && text != option.Default)
            {
                parameters[option.QualifiedName] = text;
            }
        }

        return parameters;
    }

    public static IReadOnlyList<StageInput> PromptInputs(StudyRun run) =>
    [
        new(Path.Combine(run.PromptFolder, "judge.txt"), InputKind.Text),
        new(Path.Combine(run.PromptFolder, "judge_reminder.txt"), InputKind.Text),
    ];

    public static StageResult Result(StudyRun run, EvaluateSummary summary, CostTally cost) => new(
        run.Cost(summary.PromptTokens, summary.CompletionTokens, cost),
        $"{summary.Statistics.Wins} won, {summary.Statistics.Ties.Total} tied, {summary.Statistics.Losses} lost{summary.Monitoring}",
        summary.Failed);

    private static async Task<string?> SplitHashAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? (string?)JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))?["hash"] : null;
}
