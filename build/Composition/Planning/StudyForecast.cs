using Cfx.Build.Composition.Providers;
using Cfx.Build.Composition.Stages;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Planning;

/// <summary>Foresees what the study still buys. What a target's inputs make certain is counted, the rest estimated; nothing is bought or made.</summary>
internal sealed class StudyForecast(StudyRun run, ProviderSession providers, StudyMoney money, StageRunner stages, ILogger<StoreMaintenance> logger)
{
    private const decimal AssumedVerdict = 300;
    private const int CharactersPerToken = 4;
    private static readonly HashSet<string> Nothing = [];

    public async Task<StudyPrediction> PredictAsync(CancellationToken cancellationToken)
    {
        var items = await PlanItems.LookAsync(run, await StandsAsync([FilterUnit.Create(run), SplitUnit.Create(run)], cancellationToken), cancellationToken);
        using var store = StoreMaintenance.Open(StoreFile.Options(run.Root), logger);
        var calls = new CallForecast(run, providers, money, store);
        var lines = new List<PlanLine>();
        foreach (var method in run.Plan.Methods)
        {
            lines.AddRange(await ProcessAsync(method, items, calls, cancellationToken));
        }

        var jobs = new JobForecast(run, calls, items, await JobTimes.ReadAsync(Path.Combine(run.Root, "models"), providers.Identity, cancellationToken));
        foreach (var arm in run.Plan.TrainedArms)
        {
            var isMade = await StandsAsync([.. FineTuneUnit.ForTarget(run, StageTargets.ForArm(arm.Name))], cancellationToken);
            lines.Add(await jobs.LineAsync(arm, isMade, await StandsAsync([PrepareUnit.Create(run)], cancellationToken), cancellationToken));
        }

        foreach (var arm in run.Plan.Arms)
        {
            lines.Add(await RespondAsync(arm, items, calls, cancellationToken));
        }

        if (!providers.IsFree)
        {
            lines.Add(jobs.Serving(lines.Where(l => l.Target == StageTargets.Respond)));
        }

        foreach (var (model1, model2) in run.Plan.Comparisons)
        {
            foreach (var judge in EvaluateUnit.Judges(run))
            {
                lines.Add(await EvaluateAsync(model1, model2, judge, items, calls, cancellationToken));
            }
        }

        List<Finding> cautions = [.. StudyCautions.OfSettings(run), .. StudyCautions.OfSizes(items.TestContexts, items.TrainingItems)];
        return new StudyPrediction(
            money.Study, providers.Identity, lines, money.Budget.Summarize(), items.TestContexts, run.Plan.Comparisons.Count, cautions, Notes(items, calls));
    }

    private static List<string> Notes(PlanItems items, CallForecast calls)
    {
        var notes = new List<string>
        {
            items.IsSplit ? "The split stands: items and contexts are counted." : "There is no split yet: items and contexts are estimated from the data by the split's shares.",
            "Repeated attempts and reminders to the judge are not foreseen; the budget holds for them too.",
        };
        if (calls.NotLookedUp is { } reason)
        {
            notes.Add($"Which answers are in the store could not be looked up: {reason}");
        }

        return notes;
    }

    private async Task<IEnumerable<PlanLine>> ProcessAsync(string method, PlanItems items, CallForecast calls, CancellationToken cancellationToken)
    {
        var options = ProcessUnit.Options(run, ImprovementMethods.Standard(run.PromptFolder).Get(method), run.Layout.Processed(method));
        if (options.Method.Prompts.Count == 0)
        {
            return [];
        }

        var requests = ImproveStage.Requests(
            items.ReadAsync(cancellationToken), items.IsSplit ? options : options with { MaxItems = null }, cancellationToken);
        return
        [
            await calls.LineAsync(
                StageTargets.ForMethod(method), "process", options.Settings.Model, requests, items.IsSplit ? null : items.TrainingScale, OwnAnswers(items), cancellationToken),
        ];
    }

    private async Task<PlanLine> RespondAsync(string arm, PlanItems items, CallForecast calls, CancellationToken cancellationToken)
    {
        var baseModel = run.Options.Text("finetune", "model");
        var model = run.Plan.BaseModels.TryGetValue(arm, out var untuned) ? untuned : File.Exists(run.Layout.Model(arm)) ? await RespondUnit.ModelAsync(run.Layout.Model(arm), cancellationToken) : null;
        var pricedAs = run.Plan.TrainedArms.FirstOrDefault(a => a.Name == arm) is { } definition ? run.Options.ForArm(definition).Text("finetune", "model") : model ?? baseModel;
        var requests = RespondStage.Requests(items.ContextsAsync(cancellationToken), RespondUnit.Options(run, arm, model ?? pricedAs));

        // A model that is not trained yet has no answers that could be looked up.
        var scale = items.IsSplit && model is not null ? (decimal?)null : items.TestScale;
        return await calls.LineAsync(StageTargets.Respond, "respond", pricedAs, requests, scale, OwnAnswers(items), cancellationToken)
            with
        { What = $"{arm}: {model ?? "tuned from " + pricedAs}" };
    }

    private async Task<PlanLine> EvaluateAsync(string model1, string model2, string judge, PlanItems items, CallForecast calls, CancellationToken cancellationToken)
    {
        var target = StageTargets.ForComparison(model1, model2);
        var assumed = (AssumedVerdict, $"{AssumedVerdict:0} tokens a verdict");
        if (await StandsAsync([RespondUnit.Create(run, model1), RespondUnit.Create(run, model2)], cancellationToken))
        {
            var exact = EvaluateStage.RequestsAsync(
                EvaluateUnit.Options(run, model1, model2, null) with { Judge = run.Settings("evaluate", judge) }, cancellationToken);
            return await calls.LineAsync(target, "evaluate", judge, exact, null, assumed, cancellationToken) with { What = $"{model1} or {model2}: {judge}" };
        }

        var prompts = JudgePrompts.Load(run.PromptFolder);
        var settings = run.Settings("evaluate", judge);
        var answer = new string('x', (int)items.MeanAnswer);
        var requests = items.ContextsAsync(cancellationToken).Select(
            c => new ChatRequest(judge, prompts.Messages(c.Context, answer, answer, remind: false), settings.Temperature, settings.TopP, settings.MaxTokens, null));
        return await calls.LineAsync(target, "evaluate", judge, requests.SelectMany(r => new[] { r, r }.ToAsyncEnumerable()), items.TestScale, assumed, cancellationToken)
            with
        { What = $"{model1} or {model2}: {judge}" };
    }

    private static (decimal Tokens, string Why) OwnAnswers(PlanItems items) =>
        (Math.Max(1, items.MeanAnswer / CharactersPerToken), "as long as the conversations' own");

    private async Task<bool> StandsAsync(IReadOnlyList<StageUnit> units, CancellationToken cancellationToken) =>
        (await stages.InspectAsync(units, Nothing, force: false, cancellationToken)).UpToDate;
}
