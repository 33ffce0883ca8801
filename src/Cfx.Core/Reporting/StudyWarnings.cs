using Cfx.Core.Auditing;

namespace Cfx.Core.Reporting;

/// <summary>What a reader must know of a study as a whole.</summary>
internal static class StudyWarnings
{
    public static IReadOnlyList<string> Of(
        IReadOnlyList<ComparisonResult> comparisons, IReadOnlyList<EvaluationProviders> served, IReadOnlySet<string> bases, bool hasReplicates)
    {
        var warnings = new List<string>();
        var providers = served.Select(s => s.Key).Distinct(StringComparer.Ordinal).ToList();
        if (providers.Count > 1)
        {
            warnings.Add($"The comparisons were made with different providers ({string.Join("; ", providers)}) and do not belong together.");
        }

        var mixed = served.SelectMany(s => s.SandboxAmongOthers).Distinct(StringComparer.Ordinal).ToList();
        if (mixed.Count > 0)
        {
            warnings.Add($"Part of the models were the sandbox's ({string.Join(", ", mixed)}): the figures say nothing about real models, whoever served the others.");
        }

        foreach (var (field, what) in (IEnumerable<(string, string)>)[("judge", "judges"), ("prompts", "judge prompts"), ("split_hash", "splits")])
        {
            if (comparisons.Select(c => c.Metadata[field]?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                warnings.Add($"The comparisons were made with different {what}; do not read them against each other.");
            }
        }

        if (hasReplicates)
        {
            warnings.Add("Each comparison is of single training runs; how much they vary with the seed stands under \"From one training to the next\".");
        }
        else if (comparisons.Any(c => !bases.Contains(c.Model1) || !bases.Contains(c.Model2)))
        {
            warnings.Add("Each trained arm is one training run: how much the result would vary with another run of the same training is not in these numbers.");
        }

        warnings.Add("\"No significant difference\" does not say that two arms are equal.");
        return warnings;
    }

    /// <summary>What a reader must know of the judge from its audit and from people.</summary>
    /// <param name="audit">Null where nobody made one.</param>
    /// <param name="human">Null where no verdicts of people were read.</param>
    public static IEnumerable<string> Of(AuditFindings? audit, HumanFindings? human)
    {
        if (audit is { Differences.Count: > 0 })
        {
            yield return $"The audit of the judge is not of this study as it is now: {string.Join(" ", audit.Differences)}";
        }

        foreach (var warning in audit?.Warnings ?? [])
        {
            yield return $"Audit of the judge: {warning}";
        }

        if (human is { Judged: > 0, Differences.Count: > 0 })
        {
            yield return $"People judged another state of this study: {string.Join(" ", human.Differences)}";
        }
    }
}
