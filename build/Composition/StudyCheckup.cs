using System.Globalization;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Redaction;

namespace Cfx.Build.Composition;

/// <summary>Looks at everything a study needs, changes nothing, and goes on after each problem.</summary>
internal sealed class StudyCheckup(StudyRun run, ProviderSession providers)
{
    private const double FullTuningScale = 1e-4;
    private const int FewTrainingItems = 100;
    private const int FewTestContexts = 300;

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await LookAsync(findings, () => DataAsync(findings, cancellationToken));
        await LookAsync(findings, () => Prompts(findings));
        Settings(findings);
        await LookAsync(findings, () => Payment(findings));
        await LookAsync(findings, () => ModelsAsync(findings, cancellationToken));
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
        if (usable > 0 && test < FewTestContexts)
        {
            findings.Add(Caution(FormattableString.Invariant(
                $"sizes: about {test} test contexts; below {FewTestContexts} a difference of less than 8 to 16 points goes unseen")));
        }

        var training = Math.Min(
            run.Options.WholeNumberOrNull("process", "max-conversations") ?? long.MaxValue, (long)(usable * (1 - run.Options.Number("split", "test-share"))));
        if (usable > 0 && training < FewTrainingItems)
        {
            findings.Add(Caution($"sizes: about {training} items to train on; fewer than {FewTrainingItems} seldom move a model"));
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
        var options = run.Options;
        foreach (var arm in run.Plan.TrainedArms)
        {
            var values = options.ForArm(arm);
            var rate = values.Number("finetune", "learning-rate");
            if (!providers.IsSandbox && !values.Flag("finetune", "full") && rate < FullTuningScale)
            {
                findings.Add(Caution(string.Create(
                    CultureInfo.InvariantCulture,
                    $"arm {arm.Name}: learning rate {rate} is of the size used for full tuning; LoRA usually needs 1e-4 to 1e-3, or the arm may stay at the base model")));
            }
        }

        if (options.Text("process", "model") == options.Text("evaluate", "judge"))
        {
            findings.Add(Caution($"models: {options.Text("evaluate", "judge")} both writes the answers and judges them; judges favour their own family's style"));
        }

        if (options.WholeNumber("respond", "max-tokens") < options.WholeNumber("process", "max-tokens"))
        {
            findings.Add(Caution("sizes: test answers may be shorter than training answers (respond max-tokens below process max-tokens), so evaluation clips what training taught"));
        }

        if (options.Number("evaluate", "temperature") > 0)
        {
            findings.Add(Caution("judge: its temperature is above 0, which adds noise to every verdict"));
        }

        if (!providers.IsSandbox && options.Text("finetune", "model").EndsWith("-Reference", StringComparison.Ordinal))
        {
            findings.Add(Caution($"models: {options.Text("finetune", "model")} is a reference model; check that the provider can serve what is trained from it"));
        }

        findings.Add(Ok($"configuration: study '{run.Layout.Name}', arms {string.Join(", ", run.Plan.Arms)}"));
    }

    private Task Payment(List<Finding> findings)
    {
        ProviderSession.RequireFree(run.Options);
        findings.Add(Ok("payment: the sandbox costs nothing"));
        return Task.CompletedTask;
    }

    private async Task ModelsAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        (string Section, string Role, string Model)[] wanted =
        [
            ("process", "process", run.Options.Text("process", "model")),
            ("evaluate", "judge", run.Options.Text("evaluate", "judge")),
            .. run.Plan.TrainedArms.Select(a => ("finetune", $"base of {a.Name}", run.Options.ForArm(a).Text("finetune", "model"))),
        ];
        foreach (var models in wanted.GroupBy(w => providers.Role(w.Section).Identity, StringComparer.Ordinal))
        {
            await LookAsync(findings, () => KnownAsync(findings, models.Key, [.. models], cancellationToken));
        }

        var tunable = await (await providers.ModelsAsync("finetune", cancellationToken)).FineTunableAsync(cancellationToken);
        foreach (var model in wanted.Skip(2).Select(w => w.Model).Distinct(StringComparer.Ordinal).Where(m => tunable.Count > 0 && !tunable.Contains(m)))
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
