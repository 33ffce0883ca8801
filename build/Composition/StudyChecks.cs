using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Build.Composition;

/// <summary>Faults between options that no option alone can show.</summary>
internal static class StudyChecks
{
    private static readonly string[] OfAllArms =
        ["input", "train-split", "max-conversations", "max-context-turns", "no-monitor", "check-interval", "deadline", "max-jobs", "wandb-project"];

    public static IEnumerable<string> Faults(OptionValues options)
    {
        if (options.IsGiven("finetune", "lora") && options.Flag("finetune", "lora") && options.Flag("finetune", "full"))
        {
            yield return "--lora and --full contradict each other; give one.";
        }

        var (first, second) = (options.TextOrNull("evaluate", "model1"), options.TextOrNull("evaluate", "model2"));
        if (options.Text("evaluate", "mode") == "feedback")
        {
            if (options.TextOrNull("evaluate", "conversations") is null)
            {
                yield return "--mode=feedback compares improved with original answers within one processed file; name it with --conversations (-c).";
            }

            if (first is not null || second is not null)
            {
                yield return "--mode=feedback compares the answers of one file; leave out --model1 and --model2.";
            }
        }
        else if (first is null != second is null)
        {
            yield return "--model1 (-m1) and --model2 (-m2) go together; give both.";
        }
        else if (first is null && options.TextOrNull("evaluate", "conversations") is not null)
        {
            yield return "--conversations (-c) compares two models on a file; give --model1 (-m1) and --model2 (-m2) too, or --mode=feedback.";
        }

        if (options.TextOrNull("evaluate", "judges") is { } judges)
        {
            var names = judges.Split(',', StringSplitOptions.TrimEntries);
            if (names.Distinct(StringComparer.Ordinal).Count() is var distinct && (distinct < 2 || distinct < names.Length))
            {
                yield return $"--judges '{judges}' must name two or more different models; for one use --judge.";
            }

            if (names.Select(Core.Artifacts.SafeFileName.Of).Distinct(StringComparer.OrdinalIgnoreCase).Count() < distinct)
            {
                yield return $"--judges '{judges}' has two models whose names make one file name; leave one of them out.";
            }

            if (options.IsOnCommandLine("evaluate", "judge"))
            {
                yield return "--judge and --judges contradict each other; give one.";
            }

            if (first is not null || options.Text("evaluate", "mode") == "feedback")
            {
                yield return "--judges is for the study's comparisons; with --model1 or --mode=feedback give one --judge.";
            }
        }

        foreach (var (section, model) in new[] { ("process", "model"), ("evaluate", "judge") })
        {
            var provider = ProviderRoles.NameFor(options, section);
            if (provider != options.Provider && !options.IsGiven(section, model) && !(section == "evaluate" && options.IsGiven(section, "judges")))
            {
                yield return $"--{section}-{model} is needed with the provider {provider} for {section}: the usual model is another provider's.";
            }
        }

        foreach (var arm in options.Arms)
        {
            foreach (var key in arm.Settings.Keys.Intersect(OfAllArms, StringComparer.Ordinal))
            {
                yield return $"Arm '{arm.Name}' sets {key}, which must be the same for all arms; set it under \"finetune\".";
            }
        }

        foreach (var fault in ArmFaults(options))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> ArmFaults(OptionValues options)
    {
        if (options.Catalog.Find("finetune", "training") is null)
        {
            yield break;
        }

        if (options.Arms.Count > ArmDefinition.Most)
        {
            yield return $"The study has {options.Arms.Count} trained arms with its sweeps and replicates; at most {ArmDefinition.Most} are possible, since each is a job that costs money.";
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in options.Arms.Select(a => a.Name).Where(n => !names.Add(n)))
        {
            yield return $"Two arms would be called '{name}' with replicates counted; give one of them another name.";
        }

        foreach (var name in names.Where(n => !OptionDefinition.IsName(n)))
        {
            yield return $"The arm '{name}' has a name of {name.Length} characters with the replicate's number; at most 64 are possible. Give it a shorter one.";
        }

        foreach (var key in options.Arms.SelectMany(a => a.Swept).Distinct(StringComparer.Ordinal).Where(k => options.IsOnCommandLine("finetune", k)))
        {
            yield return $"--{key} is given for this run, but study.json sweeps it, so that its arms would all be the same; leave one of them out.";
        }

        foreach (var arm in options.Arms.Where(a => a.Method == PositiveOnlyMethod.MethodName && options.ForArm(a).Text("finetune", "training") == "dpo"))
        {
            yield return $"Arm '{arm.Name}' trains on preference pairs (dpo), but the method {arm.Method} improves no answer, so there is nothing to prefer; use feedback or alternative.";
        }

        if (options.TextOrNull("finetune", "input") is not null && options.IsOnCommandLine("finetune", "training") && options.Text("finetune", "training") == "dpo")
        {
            yield return "--training=dpo pairs each improved answer with the disliked one, which only a study's Prepare does; leave out --input.";
        }

        if (names.Count == options.Arms.Count)
        {
            foreach (var taken in new StudyPlan(options).BaseModels.Keys.Where(names.Contains))
            {
                yield return $"The arm '{taken}' has the name that the untuned model of another arm gets; give it another one.";
            }
        }
    }
}
