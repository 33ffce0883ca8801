using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report for people, in Markdown.</summary>
public static class MarkdownReport
{
    /// <summary>The whole report. A sandbox run says so in its first line.</summary>
    public static string Render(StudyAnalysis analysis)
    {
        var text = new StringBuilder();
        if (analysis.IsSandbox)
        {
            text.Append("**").Append(StudyAnalysis.SandboxNotice).Append("**\n\n");
        }

        text.Append("# Study: ").Append(Escape(analysis.StudyName)).Append("\n\n");
        foreach (var comparison in analysis.Comparisons)
        {
            text.Append("- ").Append(Answer(comparison)).Append('\n');
        }

        AppendTable(text, analysis);
        ReplicateSection.Append(text, analysis.Replicates, Escape);
        AppendWarnings(text, analysis);
        NearDuplicateSection.Append(text, analysis);
        RobustnessSection.Append(text, analysis);
        RatingSection.Append(text, analysis);
        JudgeSection.Append(text, analysis);
        PanelSection.Append(text, analysis);
        AgreementSection.Append(text, analysis);
        SubgroupSection.Append(text, analysis);
        AppendFlow(text, analysis);
        AppendMethod(text, analysis);
        RunSection.Append(text, analysis);
        return text.ToString();
    }

    /// <summary>The comparison's answer in one sentence with its numbers, in Markdown.</summary>
    public static string Answer(ComparisonResult comparison) => Answer(comparison, Escape, "**");

    /// <summary>The same for a console: names as they are, nothing bold.</summary>
    public static string PlainAnswer(ComparisonResult comparison) => Answer(comparison, name => name, string.Empty);

    private static string Answer(ComparisonResult comparison, Func<string, string> shown, string bold)
    {
        var s = comparison.Statistics;
        var (one, two) = (bold + shown(comparison.Model1), shown(comparison.Model2));
        if (s.N == 0)
        {
            return Text($"{one} against {two}: no data.{bold} None of {s.Attempted} pairs could be judged in both orders.");
        }

        if (s.HalfCredit.H is not { } h)
        {
            return Text($"{one} against {two}: no estimate.{bold} All {s.N} pairs were judged in the same order, so the pull of the place cannot be told from the answers.");
        }

        var claim = comparison.Verdict switch
        {
            "better" => $"{one} answers better than {two}{bold}",
            "worse" => $"{one} answers worse than {two}{bold}",
            ComparisonResult.Partial => $"{one} and {two}: partial: no p-value{bold}",
            _ when comparison.Details.IsEquivalent => Text($"{one} and {two} are equal to within {comparison.Details.Margin} of the win rate{bold}"),
            _ => $"{one} and {two}: no significant difference{bold}",
        };
        var text = Text($"{claim}: {s.Wins} won, {s.Losses} lost, {s.Ties.Total} tied of {s.N} pairs; win rate with ties counting half {h:0.000} ")
            + Text($"(95 % interval {s.HalfCredit.Interval.Lower:0.000} to {s.HalfCredit.Interval.Upper:0.000})");
        if (comparison.Details is { IsPartial: true } partial)
        {
            return text + Text($"; {s.Attempted} of {partial.Planned} planned pairs")
                + (partial.LnE is { } evidence ? Text($", ln E = {evidence:0.00} (a study may stop early from {partial.StoppingLnE:0.00} on).") : ".");
        }

        return text + $", {P(comparison)}, adjusted for the study's comparisons {PValueText.Format(comparison.HolmP)}."
            + (comparison.Verdict != "no significant difference" || comparison.Details.SingleOrder is not null ? string.Empty
                : comparison.Details.Mde is { } mde ? Text($" So many pairs find a difference of {mde:0.000} from one half four times out of five, not a smaller one.")
                : " So few decided pairs would not find even the largest difference four times out of five.");
    }

    private static void AppendTable(StringBuilder text, StudyAnalysis analysis)
    {
        text.Append("\n## Comparisons\n\n")
            .Append("Wins are the first-named arm's. *Win rate* counts a tie as half; *decided* leaves ties out.\n\n")
            .Append("| comparison | pairs | won | tied | lost | win rate [95 %] | [simultaneous] | decided [95 %] | p | Holm p | result |\n")
            .Append("|---|---:|---:|---:|---:|---|---|---|---:|---:|---|\n");
        foreach (var comparison in analysis.Comparisons)
        {
            var s = comparison.Statistics;
            if (s.N == 0)
            {
                text.Append(Text($"| {Escape(comparison.Model1)} vs {Escape(comparison.Model2)} | 0 | 0 | 0 | 0 | – | – | – | – | – | {comparison.Verdict} |\n"));
                continue;
            }

            text.Append(Text($"| {Escape(comparison.Model1)} vs {Escape(comparison.Model2)} | {s.N} | {s.Wins} | {s.Ties.Total} | {s.Losses} "))
                .Append(Text($"| {Number(s.HalfCredit.H)} {Range(s.HalfCredit.Interval)} | {Range(s.Simultaneous)} "))
                .Append(comparison.Details.SingleOrder is not null ? "| – " : Text($"| {Number(s.DecisiveRate)} {Range(s.DecisiveInterval)} "))
                .Append(Text($"| {Primary(comparison)} | {(comparison.HasP ? PValueText.Format(comparison.HolmP) : "–")} | {comparison.Verdict}{Detectable(comparison)} |\n"));
        }

        text.Append("\n| comparison | ties: both orders | first slot twice | second slot twice | tie and win | orders agree | win rate, orders averaged | incomplete | worst case |\n")
            .Append("|---|---:|---:|---:|---:|---:|---:|---|---|\n");
        foreach (var comparison in analysis.Comparisons)
        {
            var s = comparison.Statistics;
            if (comparison.Details.SingleOrder is not null)
            {
                text.Append(Text($"| {Pair(comparison)} | – | – | – | – | – | – | {Failures(comparison)} | – |\n"));
                continue;
            }

            text.Append(Text($"| {Escape(comparison.Model1)} vs {Escape(comparison.Model2)} | {s.Ties.Consistent} | {s.Ties.FlipFirst} | {s.Ties.FlipSecond} | {s.Ties.Soft} "))
                .Append(Text($"| {Percent(s.OrderConsistency)} | {Number(s.Averaged.H)} | {Failures(comparison)} | {Range(s.WorstCase)} |\n"));
        }
    }

    private static string Primary(ComparisonResult comparison) => comparison.HasP && comparison.Statistics is { PrimaryP: { } p } s
        ? PValueText.Format(p, s.PrimaryLog10P)
        : "–";

    private static string Detectable(ComparisonResult comparison) =>
        comparison.Verdict != "no significant difference" || comparison.Details.SingleOrder is not null ? string.Empty
        : comparison.Details.Mde is { } mde ? Text($" (detectable: ±{mde:0.000})") : " (detectable: none)";

    private static void AppendWarnings(StringBuilder text, StudyAnalysis analysis)
    {
        if (analysis.Deviations.Count > 0)
        {
            text.Append("\n## Not as planned\n\n");
            foreach (var deviation in analysis.Deviations)
            {
                text.Append("- ").Append(Escape(deviation)).Append('\n');
            }
        }

        text.Append("\n## Read with care\n\n");
        foreach (var comparison in analysis.Comparisons)
        {
            foreach (var warning in ComparisonWarnings.Of(comparison))
            {
                text.Append("- ").Append(Escape(comparison.Model1)).Append(" vs ").Append(Escape(comparison.Model2)).Append(": ").Append(Escape(warning)).Append('\n');
            }
        }

        foreach (var warning in analysis.Warnings)
        {
            text.Append("- ").Append(Escape(warning)).Append('\n');
        }
    }

    private static void AppendFlow(StringBuilder text, StudyAnalysis analysis)
    {
        var raw = analysis.Flow.SelectMany(f => f.Lines().Select(l => (f.Stage, l.Name, l.Count))).ToList();
        if (raw.Count == 0 && analysis.FlowTable.Rows.Count == 0)
        {
            return;
        }

        text.Append("\n## From conversations to pairs\n\n| stage | what | count |\n|---|---|---:|\n");
        foreach (var (stage, what, count) in analysis.FlowTable.Rows)
        {
            text.Append(Text($"| {Escape(stage)} | {Escape(what)} | {count} |\n"));
        }

        if (raw.Count > 0)
        {
            text.Append("\nAll counts of these stages:\n\n| stage | what | count |\n|---|---|---:|\n");
            foreach (var (stage, name, count) in raw)
            {
                text.Append(Text($"| {Escape(stage)} | {Escape(name)} | {count} |\n"));
            }
        }
    }

    private static void AppendMethod(StringBuilder text, StudyAnalysis analysis)
    {
        text.Append("\n## How it was measured\n\n")
            .Append(Escape(MethodsParagraph.Of(analysis))).Append("\n\n");
        foreach (var comparison in analysis.Comparisons)
        {
            var m = comparison.Metadata;
            text.Append("- ").Append(Escape(comparison.Model1)).Append(" vs ").Append(Escape(comparison.Model2))
                .Append(": models ").Append(Code(ModelName(m, comparison.Model1))).Append(" and ").Append(Code(ModelName(m, comparison.Model2)))
                .Append(", judge ").Append(Code(EvaluationJudge.Name(m))).Append(" at temperature ").Append(Escape(EvaluationJudge.Temperature(m) ?? "?"))
                .Append(", provider ").Append(Escape(RecordFields.Text(m, "provider") ?? "?")).Append(", seed ").Append(Json(m["seed"])).Append(".\n");
        }
    }

    // Where the model stands by its name alone, that is all there is to tell.
    private static string? ModelName(JsonObject metadata, string name) =>
        metadata[OriginalRow.Name(metadata, "model1") == name ? "model1" : "model2"] is JsonObject model ? RecordFields.Text(model, "model") : name;

    private static string Json(JsonNode? value) => Escape(value?.ToJsonString() ?? "?");

    private static string Failures(ComparisonResult comparison)
    {
        var s = comparison.Statistics;
        if (s.FailedTotal == 0)
        {
            return "0";
        }

        var causes = s.Failed.Where(f => f.Value > 0).OrderBy(f => f.Key).Select(f => Text($"{f.Value} {Cause(f.Key, comparison)}"));
        return Text($"{s.FailedTotal} ({Percent(s.FailureRate)}: {string.Join(", ", causes)})");
    }

    private static string Cause(IncompleteCause cause, ComparisonResult comparison) => cause switch
    {
        IncompleteCause.AnswerModel1 => $"no answer of {Escape(comparison.Model1)}",
        IncompleteCause.AnswerModel2 => $"no answer of {Escape(comparison.Model2)}",
        IncompleteCause.AnswerBoth => "no answer of either",
        IncompleteCause.JudgeFailed => "judge failed",
        _ => "judge without a clear verdict",
    };
}
