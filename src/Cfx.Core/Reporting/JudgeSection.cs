using System.Text;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on what the judge is worth.</summary>
internal static class JudgeSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        var both = analysis.Comparisons.Where(c => c.Details.Judge is not null).ToList();
        var one = analysis.Comparisons.Where(c => c.Details.SingleOrder is not null).ToList();
        if (both.Count + one.Count == 0)
        {
            return;
        }

        text.Append("\n## How reliable the judge is\n\n");
        if (both.Count > 0)
        {
            text.Append("*Agree*: both orders say the same. *Flip*: both prefer the same place. *Soft*: one prefers an arm, the other says tie. ")
                .Append("*First place*: share won by the answer shown first minus one half; 0 for a judge that ignores the order. ")
                .Append("*Kappa*: agreement of the two orders beyond chance.\n\n")
                .Append("| comparison | agree [95 %] | flip [95 %] | soft [95 %] | first place [95 %] | flips to first : second, p | kappa [95 %] |\n|---|---|---|---|---|---|---|\n");
            foreach (var c in both)
            {
                var j = c.Details.Judge!;
                text.Append(Text($"| {Pair(c)} | {Percent(j.Consistency)} {PercentRange(j.ConsistencyInterval)} | {Percent(j.FlipRate)} {PercentRange(j.FlipInterval)} "))
                    .Append(Text($"| {Percent(j.SoftRate)} {PercentRange(j.SoftInterval)} | {Signed(j.FirstSlotBias)} {Range(j.FirstSlotBiasInterval)} "))
                    .Append(Text($"| {c.Statistics.Ties.FlipFirst} : {c.Statistics.Ties.FlipSecond}, {PValueText.Format(j.FlipDirection.PValue, j.FlipDirection.Log10P)} "))
                    .Append(Text($"| {Number(j.OrderKappa.Kappa)} {Range(j.OrderKappa.Interval)} |\n"));
            }

            text.Append("\nThese figures tell how steady the judge was, not whether it was right: nobody's judgment but its own is in them.\n");
        }

        if (one.Count > 0)
        {
            text.Append(both.Count > 0 ? "\n" : string.Empty)
                .Append("Pairs judged in one order each. The win rate of the report weighs both orders alike; *pooled* counts all pairs alike and carries the pull of the place along.\n\n")
                .Append("| comparison | first-named arm shown first | second | win rate | pooled | first place [95 %] | p of no pull |\n|---|---:|---:|---:|---:|---|---:|\n");
            foreach (var c in one)
            {
                var o = c.Details.SingleOrder!;
                text.Append(Text($"| {Pair(c)} | {c.Details.Orders.Normal} | {c.Details.Orders.Reversed} | {Number(o.H)} | {Number(o.PooledH)} "))
                    .Append(Text($"| {Signed(o.FirstSlotBias)} {Range(o.BiasInterval)} | {(o.BiasP is { } p ? PValueText.Format(p) : "–")} |\n"));
            }
        }
    }
}
