using System.Text;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on test contexts that nearly repeat a training context: both texts, so that a reader can see whether they do.</summary>
internal static class NearDuplicateSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        if (analysis.Leakage is not { NearDuplicates: > 0 } leakage || leakage.NearPairs is not { Count: > 0 } pairs)
        {
            return;
        }

        text.Append("\n## Test contexts that nearly repeat a training context\n\n")
            .Append("They count in all figures. The end of each context is shown");
        if (pairs.Count < leakage.NearDuplicates)
        {
            text.Append(Text($", of the {pairs.Count} closest of {leakage.NearDuplicates}; leakage.json has more"));
        }

        text.Append(".\n\n| item | similarity | training context in | test | training |\n|---|---:|---|---|---|\n");
        foreach (var pair in pairs)
        {
            text.Append(Text($"| {Escape(pair.ItemId)} | {(pair.Similarity is { } similarity ? Text($"{similarity:0.00}") : "–")} | {Escape(pair.Place)} "))
                .Append(Text($"| {Escape(pair.TestText)} | {Escape(pair.TrainingText)} |\n"));
        }
    }
}
