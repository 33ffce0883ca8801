using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;
using Cfx.Together.Serving;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition;

/// <summary>Before a run buys its first thing: is everything that its targets name there? A wrong name is told before anything is paid for, and a
/// run that buys nothing asks nobody.</summary>
internal sealed class StudyPreflight(StudyRun run, ProviderSession providers)
{
    private readonly Lock _lock = new();
    private Task? _look;

    /// <summary>Looks once in a run; later calls tell the same.</summary>
    /// <exception cref="MisuseException">A model is not known at its provider, cannot be fine-tuned, or could be asked only at a price that is not known.</exception>
    /// <exception cref="StageFailedException">What would be trained could not be asked.</exception>
    public Task RequireAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _look ??= LookAsync(cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var sections = run.Executing.Where(StageTargets.Buys).SelectMany(Sections).ToHashSet(StringComparer.Ordinal);
        var methods = ImprovementMethods.Standard(run.PromptFolder);
        List<(string Section, string Option, string Model)> wanted = [];
        if (sections.Contains("process") && run.Plan.Methods.Any(m => methods.Get(m).Prompts.Count > 0))
        {
            wanted.Add(("process", "--process-model", run.Options.Text("process", "model")));
        }

        if (sections.Contains("evaluate"))
        {
            wanted.AddRange(Stages.EvaluateUnit.Judges(run).Select(judge => ("evaluate", run.Options.TextOrNull("evaluate", "judges") is null ? "--judge" : "--judges", judge)));
        }

        foreach (var (section, option, model) in wanted)
        {
            await RequireKnownAsync(section, option, model, cancellationToken);
        }

        if (sections.Contains("finetune"))
        {
            await RequireBasesAsync(cancellationToken);
        }
    }

    private async Task RequireKnownAsync(string section, string option, string model, CancellationToken cancellationToken)
    {
        var role = providers.Role(section);

        // Servers of one's own often answer to more names than they list, or list none.
        if (role.Provider == ProviderRole.OpenAi || await ListedAsync(section, cancellationToken) is not { Count: > 0 } known || known.Contains(model))
        {
            return;
        }

        // What runs on hardware of one's own at Together may be in no list.
        if (role.Provider != ProviderRole.Together || !await providers.AnswersAsync(section, model, cancellationToken))
        {
            throw new MisuseException($"{option}: {role.Identity} knows no model '{model}'{Nearest(model, known)} Nothing was asked or bought.");
        }
    }

    private async Task RequireBasesAsync(CancellationToken cancellationToken)
    {
        List<string> bases =
        [
            .. run.Plan.TrainedArms.Where(a => run.Options.TextOrNull("finetune", "input") is not null || !File.Exists(run.Layout.Model(a.Name)))
                .Select(a => run.Options.ForArm(a).Text("finetune", "model")).Distinct(StringComparer.Ordinal),
        ];
        if (bases.Count == 0)
        {
            return;
        }

        var identity = providers.Role("finetune").Identity;
        var tunable = await TunableAsync(cancellationToken);
        if (tunable.Count > 0 && bases.FirstOrDefault(b => !tunable.Contains(b)) is { } wrong)
        {
            throw new MisuseException($"--finetune-model: '{wrong}' cannot be fine-tuned at {identity}{Nearest(wrong, tunable)} Nothing was asked or bought.");
        }

        var isStudy = run.Options.TextOrNull("finetune", "input") is null;
        var findings = await providers.Serving.CheckAsync(bases, mayAsk: isStudy, cancellationToken);
        if (findings.FirstOrDefault(f => f.Kind is ServingFindingKind.Problem) is { } problem)
        {
            throw new StageFailedException(problem.Text + " Nothing was asked or bought.");
        }

        // A file of one's own may be trained on for other ends than to be asked here.
        if (isStudy && findings.FirstOrDefault(f => f.Kind is ServingFindingKind.Unpriced) is { } unpriced)
        {
            throw new MisuseException(unpriced.Text + " Nothing was bought.");
        }
    }

    private async Task<IReadOnlyCollection<string>?> ListedAsync(string section, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await (await providers.ModelsAsync(section, cancellationToken)).ListAsync(cancellationToken)).Select(m => m.Id!)];
        }
        catch (ProviderException e)
        {
            run.Logger<StudyPreflight>().LogWarning("The models could not be looked up beforehand: {Reason}", e.Message);
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> TunableAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await (await providers.ModelsAsync("finetune", cancellationToken)).FineTunableAsync(cancellationToken);
        }
        catch (ProviderException e)
        {
            run.Logger<StudyPreflight>().LogWarning("What can be fine-tuned could not be looked up beforehand: {Reason}", e.Message);
            return [];
        }
    }

    private static IEnumerable<string> Sections(string target) => target.Equals(StageTargets.Pilot, StringComparison.OrdinalIgnoreCase)
        ? ["process", "evaluate"]
        : [StageTargets.SectionOf(target)];

    private static string Nearest(string model, IEnumerable<string> known)
    {
        var names = known.ToList();
        return NearestName.Hint(model, names) is { Length: > 0 } hint ? hint
            : names.Count <= 6 ? $"; it knows {string.Join(", ", names)}."
            : $"; it lists {names.Count} others, none of a similar name.";
    }
}
