using System.Text;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's parts on whether a result holds when something is counted otherwise: failures, lengths, resampling, equality, size.</summary>
internal static class RobustnessSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        var withData = analysis.Comparisons.Where(c => c.Statistics.HalfCredit.H is not null).ToList();
        if (withData.Count == 0)
        {
            return;
        }

        text.Append("\n## Counted otherwise\n\n")
            .Append("*Bootstrap*: the win rate's interval by resampling conversations. *Unanswered lost*: an arm without an answer loses the pair. ")
            .Append("*Worst case*: all incomplete pairs lost, then all won; in brackets widened by the sampling error.\n\n")
            .Append("| comparison | win rate [t] | [bootstrap] | orders averaged | unanswered lost [95 %] | worst case [95 %] | conclusion rests on failures |\n|---|---|---|---:|---|---|---|\n");
        foreach (var c in withData)
        {
            var (s, d) = (c.Statistics, c.Details);
            text.Append(Text($"| {Pair(c)} | {Number(s.HalfCredit.H)} {Range(s.HalfCredit.Interval)} | {(d.Bootstrap.Result is { } b ? Range(b.Interval) : d.Bootstrap.Status.Replace('_', ' '))} "))
                .Append(Text($"| {Number(s.Averaged.H)} "))
                .Append(d.UnansweredAsLosses is { } lost ? Text($"| {Number(lost.H)} {Range(lost.Interval)} ") : "| – ")
                .Append(d.Bounds is { } bounds
                    ? Text($"| {Number(bounds.Rate.Lower)} to {Number(bounds.Rate.Upper)} {Range(bounds.WithSampling)} | {(c.HasP && bounds.ConclusionDependsOnFailures(c.HolmP, ComparisonResult.Alpha) ? "**yes**" : "no")} |\n")
                    : "| – | – |\n");
        }

        AppendLength(text, withData);
        AppendPower(text, analysis, withData);
    }

    private static void AppendLength(StringBuilder text, List<ComparisonResult> comparisons)
    {
        text.Append("\n## Length\n\n")
            .Append("Lengths in characters. *At equal length*: the win rate that a regression on the length difference gives. It describes; it does not replace the test.\n\n")
            .Append("| comparison | mean length | of the other | difference [95 %] | win rate | at equal length [95 %] |\n|---|---:|---:|---|---:|---|\n");
        foreach (var c in comparisons)
        {
            var l = c.Details.Length;
            var difference = l.Difference.Interval is { } i ? Text($"{-l.Difference.Mean:+0;-0;0} {WholeRange(new Statistics.Interval(-i.Upper, -i.Lower))}") : Whole(-l.Difference.Mean);
            var controlled = l.Unsupported is { } why ? $"unsupported: {why.Replace('_', ' ')}" : Text($"{Number(l.RateOfModel1)} {Range(l.IntervalOfModel1)}");
            text.Append(Text($"| {Pair(c)} | {Whole(l.MeanLength1)} | {Whole(l.MeanLength2)} | {difference} | {Number(l.RawRateOfModel1)} | {controlled} |\n"));
        }
    }

    private static void AppendPower(StringBuilder text, StudyAnalysis analysis, List<ComparisonResult> comparisons)
    {
        text.Append("\n## What so many pairs can show\n\n")
            .Append(Text($"The smallest difference of the win rate from one half that is found with a power of {ComparisonDetails.TargetPower * 100:0} %, at the level {ComparisonResult.Alpha} over {analysis.Comparisons.Count}; and the pairs that given differences take, at this share of ties. "))
            .Append("*ln E*: evidence against equal arms that may be looked at any time; a study may stop early only above the limit.\n\n")
            .Append("| comparison | pairs | ties | detectable | pairs for 0.05 | for 0.03 | for 0.02 | ln E (limit) |")
            .Append(analysis.EquivalenceMargin is { } margin ? Text($" equal to within {margin}: p (Holm) |\n") : "\n")
            .Append("|---|---:|---:|---:|---:|---:|---:|---:|").Append(analysis.EquivalenceMargin is null ? "\n" : "---:|\n");
        foreach (var c in comparisons)
        {
            var d = c.Details;
            if (d.SingleOrder is not null)
            {
                text.Append(Text($"| {Pair(c)} | {c.Statistics.N} | {Percent(d.TieRate)} | – | – | – | – | – |")).Append(Equal(analysis, c)).Append('\n');
                continue;
            }

            text.Append(Text($"| {Pair(c)} | {d.EffectivePairs} | {Percent(d.TieRate)} | {(d.Mde is { } mde ? Text($"±{mde:0.000}") : "none")} "));
            foreach (var effect in (double[])[0.05, 0.03, 0.02])
            {
                text.Append(Text($"| {Statistics.Power.PairsNeeded(effect, d.TieRate, d.PowerAlpha, ComparisonDetails.TargetPower)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–"} "));
            }

            text.Append(d.LnE is { } evidence ? Text($"| {evidence:0.00} ({d.StoppingLnE:0.00}) |") : "| – |");
            text.Append(Equal(analysis, c)).Append('\n');
        }
    }

    private static string Equal(StudyAnalysis analysis, ComparisonResult c) => analysis.EquivalenceMargin is null ? string.Empty
        : c.HasP && c.Details is { Equivalence: { } e, EquivalenceHolmP: { } holm }
            ? $" {PValueText.Format(e.PValue)} ({PValueText.Format(holm)}): {(c.Details.IsEquivalent ? "equal" : "not shown")} |"
            : " – |";
}
