using Cfx.Build.Options;
using Cfx.Together.Serving;

namespace Cfx.Build.Composition.Stages;

/// <summary>How arms differ by their making, not only by the method's answers. A report that did not say so would credit the method with it.</summary>
internal static class ArmRemarks
{
    /// <summary>The training settings that may differ from arm to arm; the model has a remark of its own, and seeds are replicates.</summary>
    private static readonly string[] Settings = ["epochs", "learning-rate", "batch-size", "lora", "full", "lora-rank", "dpo-beta"];

    /// <param name="plan">The study's arms.</param>
    /// <param name="options">Their settings.</param>
    /// <param name="served">In which way each arm's answers were drawn, as far as noted.</param>
    /// <returns>Sentences; none where the arms differ in the method alone.</returns>
    public static IEnumerable<string> Of(StudyPlan plan, OptionValues options, IReadOnlyDictionary<string, ServingWay> served)
    {
        if (plan.Preferences.Count > 0)
        {
            yield return $"{Names(plan.Preferences)} learned from preference pairs (DPO): the improved answer preferred to the disliked one, on the same items in every such arm. "
                + "By definition no liked answer (UR5) is in them, so against an arm trained on answers they differ in the training and in the data, not in the method alone.";
        }

        var liked = plan.TrainedArms.Where(a => a.Method == "positive_only" && !plan.Preferences.Contains(a.Name)).Select(a => a.Name).ToList();
        if (liked.Count > 0)
        {
            yield return $"{Names(liked)} {(liked.Count == 1 ? "was" : "were")} trained on liked answers (UR5) alone, as the users got them, and on no rewritten one (positive_only): "
                + "fewer examples than the other arms have and of other items, so a difference from those arms is one of the data and its amount, not of the method alone.";
        }

        if (plan.BaseModels.Count > 1)
        {
            yield return $"Arms were trained from different models ({string.Join(", ", plan.BaseModels.Select(b => $"{b.Key} is {b.Value}"))}); each is compared with its own.";
        }

        var ways = plan.BaseModels.Keys.Concat(plan.TrainedArms.Select(a => a.Name)).Where(served.ContainsKey).GroupBy(a => served[a]).ToList();
        if (ways.Count > 1)
        {
            yield return $"Arms were asked in different ways ({string.Join("; ", ways.Select(w => $"{string.Join(", ", w)} {ServingWays.Words(w.Key)}"))}): "
                + "the same model may answer otherwise on other hardware or at another precision. --target=Respond --force asks all in one way.";
        }

        var differing = Settings.Where(key => plan.TrainedArms.Where(a => key != "dpo-beta" || plan.Preferences.Contains(a.Name))
            .Select(a => Value(options.ForArm(a), key)).Distinct(StringComparer.Ordinal).Count() > 1).ToList();
        if (differing.Count > 0)
        {
            var groups = plan.TrainedArms.GroupBy(a => string.Join(", ", differing.Select(key => $"{key} {Value(options.ForArm(a), key)}")), StringComparer.Ordinal);
            yield return $"Arms were trained with different settings ({string.Join("; ", groups.Select(g => $"{string.Join(", ", g.Select(a => a.Name))}: {g.Key}"))}): "
                + "between arms whose settings differ, a difference is one of the settings too, not of the method alone.";
        }
    }

    // "0.10" and "0.1" are one setting.
    private static string Value(OptionValues values, string key) => ArmSweep.Canonical(values.Get("finetune", key));

    private static string Names(IReadOnlyList<string> arms) => $"The {(arms.Count == 1 ? "arm" : "arms")} {string.Join(", ", arms)}";
}
