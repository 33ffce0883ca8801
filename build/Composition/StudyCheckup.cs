using System.Globalization;
using Cfx.Build.Composition.Planning;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Redaction;
using Cfx.Together.Serving;

namespace Cfx.Build.Composition;

/// <summary>Looks at everything a study needs, changes nothing, and goes on after each problem.</summary>
internal sealed class StudyCheckup(StudyRun run, ProviderSession providers)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await LookAsync(findings, () => DataAsync(findings, cancellationToken));
        await LookAsync(findings, () => Prompts(findings));
        Settings(findings);
        Payment(findings);
        await LookAsync(findings, () => ModelsAsync(findings, cancellationToken));
        await LookAsync(findings, () => ServingAsync(findings, cancellationToken));
        return findings;
    }

    private async Task DataAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        var path = run.Full(run.Options.Text("study", "input"));
        int usable = 0, other = 0, rejected = 0;
        string? first = null;
        await foreach (var read in RedactedRecords.ReadAsync(path, run.Options.Redactor, null, cancellationToken))
        {
            if (read.Value is not { } record)
            {
                rejected++;
                first ??= read.Rejected?.ToString();
            }
            else if (!FeedbackItemLocator.TryLocate(record, null, out var item, out var rejection))
            {
                rejected++;
                first ??= new RejectedRecord(read.Position, null, rejection, record, null).ToString();
            }
            else if (FilterStage.IsUsed(item.Category))
            {
                usable++;
            }
            else
            {
                other++;
            }
        }

        findings.Add(usable > 0
            ? Ok($"data: {path} has {usable} usable items (and {other} of categories that the study does not use)")
            : Problem($"data: {path} has no usable UR2, UR3 or UR5 conversation"));
        if (rejected > 0)
        {
            findings.Add(Caution($"data: {rejected} records cannot be used, the first is {first}"));
        }

        var test = Math.Min(run.Options.WholeNumber("evaluate", "test-size"), (long)(usable * run.Options.Number("split", "test-share")));
        var training = Math.Min(
            run.Options.WholeNumberOrNull("process", "max-conversations") ?? long.MaxValue, (long)(usable * (1 - run.Options.Number("split", "test-share"))));
        if (usable > 0)
        {
            findings.AddRange(StudyCautions.OfSizes(test, training));
        }
    }

    private Task Prompts(List<Finding> findings)
    {
        _ = ImprovementMethods.Standard(run.PromptFolder);
        _ = JudgePrompts.Load(run.PromptFolder);
        findings.Add(Ok($"prompts: {run.PromptFolder}"));
        return Task.CompletedTask;
    }

    private void Settings(List<Finding> findings)
    {
        findings.AddRange(StudyCautions.OfSettings(run));
        findings.Add(Ok($"configuration: study '{run.Layout.Name}', arms {string.Join(", ", run.Plan.Arms)}"));
    }

    private void Payment(List<Finding> findings) => findings.Add(
        providers.IsFree ? Ok("payment: the sandbox costs nothing")
        : run.Options.NumberOrNull("study", "budget") is { } budget ? Ok(string.Create(CultureInfo.InvariantCulture, $"payment: the budget is {budget:0.00} US dollars; the target Plan shows what it buys"))
        : Problem("payment: there is no budget; give one with --budget=DOLLARS (the target Plan shows what a study costs)"));

    private async Task ModelsAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        (string Section, string Role, string Model)[] wanted =
        [
            ("process", "process", run.Options.Text("process", "model")),
            .. Stages.EvaluateUnit.Judges(run).Select(judge => ("evaluate", "judge", judge)),
            .. run.Plan.TrainedArms.Select(a => ("finetune", $"base of {a.Name}", run.Options.ForArm(a).Text("finetune", "model"))),
        ];
        foreach (var models in wanted.GroupBy(w => providers.Role(w.Section).Identity, StringComparer.Ordinal))
        {
            await LookAsync(findings, () => KnownAsync(findings, models.Key, [.. models], cancellationToken));
        }

        var tunable = await (await providers.ModelsAsync("finetune", cancellationToken)).FineTunableAsync(cancellationToken);
        foreach (var model in wanted.Where(w => w.Section == "finetune").Select(w => w.Model).Distinct(StringComparer.Ordinal).Where(m => tunable.Count > 0 && !tunable.Contains(m)))
        {
            findings.Add(Problem($"model: {model} cannot be fine-tuned at the provider; known are {string.Join(", ", tunable)}"));
        }
    }

    private async Task KnownAsync(
        List<Finding> findings, string provider, (string Section, string Role, string Model)[] wanted, CancellationToken cancellationToken)
    {
        var models = await providers.ModelsAsync(wanted[0].Section, cancellationToken);
        var known = (await models.ListAsync(cancellationToken)).Select(m => m.Id!).ToHashSet(StringComparer.Ordinal);
        findings.Add(Ok($"provider: {provider} answers and knows {known.Count} models"));
        foreach (var (_, role, model) in wanted)
        {
            findings.Add(known.Contains(model)
                ? Ok($"model: {model} ({role})")
                : Problem($"model: {model} ({role}) is not known to the provider{NearestName.Hint(model, [.. known])}"));
        }
    }

    private async Task ServingAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        var bases = run.Plan.TrainedArms.Select(a => run.Options.ForArm(a).Text("finetune", "model")).Distinct(StringComparer.Ordinal).ToList();
        findings.AddRange((await providers.Serving.CheckAsync(bases, mayAsk: false, cancellationToken)).Select(f => new Finding(
            f.Kind switch { ServingFindingKind.Ok => FindingKind.Ok, ServingFindingKind.Caution => FindingKind.Caution, _ => FindingKind.Problem },
            $"serving: {f.Text}")));
    }

    private static async Task LookAsync(List<Finding> findings, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (CfxException e)
        {
            findings.Add(Problem(e.Message));
        }
    }

    private static Finding Ok(string text) => new(FindingKind.Ok, text);

    private static Finding Caution(string text) => new(FindingKind.Caution, text);

    private static Finding Problem(string text) => new(FindingKind.Problem, text);
}
