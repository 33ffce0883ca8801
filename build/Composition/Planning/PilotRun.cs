using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Build.Composition.Planning;

/// <summary>Takes a few conversations through everything but training: rewriting by every method, the base model's answers, and the judge, who
/// compares the first two methods' rewrites. Rewrites and answers are just those that the study will ask for, so it finds them in the store;
/// only the judgments are the pilot's own.</summary>
/// <param name="run">The study, split.</param>
/// <param name="money">Tells what it cost.</param>
internal sealed class PilotRun(StudyRun run, StudyMoney money)
{
    /// <summary>Where the pilot's files are.</summary>
    public static string FolderOf(StudyRun run) => run.Layout.ResultsFolder + "-pilot";

    /// <exception cref="StageFailedException">Calls all fail for one reason.</exception>
    public async Task<PilotResult> RunAsync(int size, CancellationToken cancellationToken)
    {
        var before = money.Budget.Summarize().SettledUsd;
        var folder = FolderOf(run);
        PrivateFolder.Create(folder);
        var methods = ImprovementMethods.Standard(run.PromptFolder);
        var rewriting = run.Plan.Methods.Select(methods.Get).Where(m => m.Prompts.Count > 0).ToList();
        var improved = new List<ImproveSummary>();
        foreach (var method in rewriting)
        {
            improved.Add(await ImproveAsync(method, Processed(folder, method), size, cancellationToken));
        }

        var answers = await RespondAsync(folder, size, cancellationToken);
        var judged = rewriting.Count < 2 ? null : await JudgeAsync(folder, rewriting[0], rewriting[1], cancellationToken);
        var statistics = judged?.Statistics;
        return new PilotResult(
            improved.Select(i => i.Items).DefaultIfEmpty().Max(),
            improved.Sum(i => i.Items - i.Kept),
            improved.Sum(i => i.Declined),
            improved.Sum(i => i.Failed + i.CutOff + i.Empty + i.Refused),
            answers.Contexts,
            answers.Complete,
            (int)(statistics?.N ?? 0),
            judged is null ? 0 : judged.Judged + judged.Unparsed + judged.Failed,
            judged?.Unparsed ?? 0,
            1 - statistics?.OrderConsistency,
            statistics is { N: > 0 } ? (double)statistics.Ties.Total / statistics.N : null,
            improved.Sum(i => i.PromptTokens) + answers.PromptTokens + (judged?.PromptTokens ?? 0),
            improved.Sum(i => i.CompletionTokens) + answers.CompletionTokens + (judged?.CompletionTokens ?? 0),
            money.Budget.Summarize().SettledUsd - before);
    }

    private static string Processed(string folder, IImprovementMethod method) => Path.Combine(folder, method.Name + ".jsonl");

    private async Task<ImproveSummary> ImproveAsync(IImprovementMethod method, string output, int size, CancellationToken cancellationToken)
    {
        var options = ProcessUnit.Options(run, method, output);
        var model = await run.Providers.ChatAsync("process", new CostTally(), cancellationToken);
        return await new ImproveStage(model, run.Progress, run.Logger<ImproveStage>()).RunAsync(
            FilteredItems.ReadAsync(run.Layout.TrainingItems, cancellationToken),
            options with { MaxItems = Math.Min(size, options.MaxItems ?? size) },
            cancellationToken);
    }

    private async Task<RespondSummary> RespondAsync(string folder, int size, CancellationToken cancellationToken)
    {
        var options = RespondUnit.Options(run, ArmDefinition.Base, run.Options.Text("finetune", "model"));
        var model = await run.Providers.ChatAsync("respond", new CostTally(), cancellationToken);
        return await new RespondStage(model, run.Progress, run.Logger<RespondStage>()).RunAsync(
            RespondUnit.Contexts(run, cancellationToken).Take(size), options with { OutputPath = Path.Combine(folder, "base.jsonl") }, cancellationToken);
    }

    private async Task<EvaluateSummary?> JudgeAsync(string folder, IImprovementMethod first, IImprovementMethod second, CancellationToken cancellationToken)
    {
        var (answers1, answers2) = (Path.Combine(folder, first.Name + "_answers.jsonl"), Path.Combine(folder, second.Name + "_answers.jsonl"));
        var pairs = await RewrittenAnswers.WriteAsync(
            Processed(folder, first), Processed(folder, second), run.Options.Text("process", "model"), answers1, answers2, cancellationToken);
        if (pairs == 0)
        {
            return null;
        }

        var options = EvaluateUnit.Options(run, first.Name, second.Name, null) with
        {
            Responses1Path = answers1,
            Responses2Path = answers2,
            OutputPath = Path.Combine(folder, $"{first.Name}_vs_{second.Name}.json"),

            // How many fail is what the pilot is to find out.
            MaxFailureRate = 1,
        };
        var judge = await run.Providers.ChatAsync("evaluate", new CostTally(), cancellationToken);
        return await new EvaluateStage(judge, run.Progress, run.Logger<EvaluateStage>()).RunAsync(options, cancellationToken);
    }
}
