using System.Text;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on several judges: each alone beside their majority, and how they agree.</summary>
internal static class PanelSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        var several = analysis.Comparisons.Where(c => c.Details.Panel is not null).ToList();
        if (several.Count == 0)
        {
            return;
        }

        text.Append("\n## Several judges\n\n")
            .Append("The comparisons count the judges' majority in each order. What each judge alone would say stands beside it.\n\n")
            .Append("| comparison | judge | pairs | won | tied | lost | win rate [95 %] | orders agree | incomplete |\n|---|---|---:|---:|---:|---:|---|---:|---:|\n");
        foreach (var c in several)
        {
            Row(text, c, Text($"**majority of {c.Details.Panel!.Judges.Count}**"), c.Statistics);
            foreach (var judge in c.Details.Panel.Judges)
            {
                Row(text, c, Escape(judge.Judge), judge.Statistics);
            }
        }

        text.Append("\n*Agree*: share of pairs seen the same way (first-named arm, tie, second-named arm) with both orders combined. ")
            .Append("*Kappa*: agreement beyond chance, Cohen's for two judges, Fleiss' for all; 0 is chance, 1 is always.\n\n")
            .Append("| comparison | judges | pairs | agree [95 %] | kappa [95 %] |\n|---|---|---:|---|---|\n");
        foreach (var c in several)
        {
            var agreement = c.Details.Panel!.Agreement;
            if (agreement.Fleiss is { } fleiss)
            {
                text.Append(Text($"| {Pair(c)} | all {c.Details.Panel.Judges.Count}: unanimous, Fleiss' kappa | {agreement.JudgedByAll} "))
                    .Append(Text($"| {Percent(agreement.UnanimousShare)} {PercentRange(agreement.JudgedByAll == 0 ? null : agreement.UnanimousInterval)} | {Number(fleiss.Kappa)} {Range(fleiss.Interval)} |\n"));
            }

            foreach (var (judge1, judge2, two) in agreement.Pairs)
            {
                text.Append(Text($"| {Pair(c)} | {Escape(judge1)} and {Escape(judge2)} | {two.Kappa.N} "))
                    .Append(Text($"| {Percent(two.Kappa.Agreement)} {PercentRange(two.Kappa.N == 0 ? null : two.AgreementInterval)} | {Number(two.Kappa.Kappa)} {Range(two.Kappa.Interval)} |\n"));
            }
        }
    }

    private static void Row(StringBuilder text, ComparisonResult c, string judge, Evaluation.ComparisonStatistics s) =>
        text.Append(Text($"| {Pair(c)} | {judge} | {s.N} | {s.Wins} | {s.Ties.Total} | {s.Losses} | {Number(s.HalfCredit.H)} {Range(s.HalfCredit.H is null ? null : s.HalfCredit.Interval)} "))
            .Append(Text($"| {Percent(s.OrderConsistency)} | {s.FailedTotal} |\n"));
}
