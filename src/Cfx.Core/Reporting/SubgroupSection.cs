using System.Text;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on groups of pairs.</summary>
internal static class SubgroupSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        if (analysis.Comparisons.All(c => c.Details.Subgroups.Count == 0))
        {
            return;
        }

        text.Append("\n## Groups (exploratory)\n\n")
            .Append("These groups were not planned, and their intervals are not adjusted for their number: they may suggest a question, not answer one. ")
            .Append("*Differ*: p that the groups have one win rate (the mean-score test of Cochran, Mantel and Haenszel; not with fewer than five pairs in a group).\n\n")
            .Append("| comparison | by | group | pairs | won | tied | lost | win rate [95 %] | differ |\n|---|---|---|---:|---:|---:|---:|---|---:|\n");
        foreach (var comparison in analysis.Comparisons)
        {
            foreach (var dimension in comparison.Details.Subgroups)
            {
                var differ = dimension.HeterogeneityP is { } p ? PValueText.Format(p) : "–";
                foreach (var row in dimension.Rows)
                {
                    var rate = row.Estimate.HalfCredit;
                    text.Append(Text($"| {Pair(comparison)} | {dimension.Dimension.Replace('_', ' ')} | {Escape(row.Group)} | {row.N} | {row.Wins} | {row.Ties} | {row.Losses} "))
                        .Append(Text($"| {Number(rate.H)} {Range(rate.Interval)} | {differ} |\n"));
                    differ = string.Empty;
                }
            }
        }
    }
}
