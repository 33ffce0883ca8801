using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;

namespace Cfx.Build.Composition;

/// <summary>Faults between options that no option alone can show.</summary>
internal static class StudyChecks
{
    private static readonly string[] OfAllArms =
        ["input", "train-split", "max-conversations", "max-context-turns", "no-monitor", "check-interval", "deadline"];

    public static IEnumerable<string> Faults(OptionValues options)
    {
        if (options.IsGiven("finetune", "lora") && options.Flag("finetune", "lora") && options.Flag("finetune", "full"))
        {
            yield return "--lora and --full contradict each other; give one.";
        }

        var (first, second) = (options.TextOrNull("evaluate", "model1"), options.TextOrNull("evaluate", "model2"));
        if (first is null != second is null)
        {
            yield return "--model1 (-m1) and --model2 (-m2) go together; give both.";
        }
        else if (first is null && options.TextOrNull("evaluate", "conversations") is not null)
        {
            yield return "--conversations (-c) compares two models on a file; give --model1 (-m1) and --model2 (-m2) too.";
        }

        foreach (var (section, model) in new[] { ("process", "model"), ("evaluate", "judge") })
        {
            var provider = ProviderRoles.NameFor(options, section);
            if (provider != options.Provider && !options.IsGiven(section, model))
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
    }
}
