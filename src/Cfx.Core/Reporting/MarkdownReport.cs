using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

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
        AppendFlow(text, analysis);
        AppendMethod(text, analysis);
        return text.ToString();
    }

    /// <summary>The comparison's answer in one sentence with its numbers.</summary>
    public static string Answer(ComparisonResult comparison)
    {
        var s = comparison.Statistics;
        var (one, two) = (Escape(comparison.Model1), Escape(comparison.Model2));
        if (s.N == 0)
        {
            return Text($"**{one} against {two}: no data.** None of {s.Attempted} pairs could be judged in both orders.");
        }

        var claim = comparison.Verdict switch
        {
            "better" => $"**{one} answers better than {two}**",
            "worse" => $"**{one} answers worse than {two}**",
            _ => $"**{one} and {two}: no significant difference**",
        };
        return Text($"{claim}: {s.Wins} won, {s.Losses} lost, {s.Ties.Total} tied of {s.N} pairs; win rate with ties counting half {s.HalfCredit.H:0.000} ")
            + Text($"(95 % interval {s.HalfCredit.Interval.Lower:0.000} to {s.HalfCredit.Interval.Upper:0.000}), ")
            + $"{PText(comparison)}, adjusted for the study's comparisons {PValueText.Format(comparison.HolmP)}.";
    }

    private static void AppendTable(StringBuilder text, StudyAnalysis analysis)
    {
        text.Append("\n## Comparisons\n\n")
            .Append("Wins are the first-named arm's. *Win rate* counts a tie as half; *decided* leaves ties out.\n\n")
            .Append("| comparison | pairs | won | tied | lost | win rate [95 %] | [simultaneous] | decided [95 %] | sign test p | Holm p | result |\n")
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
                .Append(Text($"| {Number(s.DecisiveRate)} {Range(s.DecisiveInterval)} "))
                .Append(Text($"| {PValueText.Format(s.Sign.PValue, s.Sign.Log10P)} | {PValueText.Format(comparison.HolmP)} | {comparison.Verdict} |\n"));
        }

        text.Append("\n| comparison | ties: both orders | first slot twice | second slot twice | tie and win | orders agree | win rate, orders averaged | incomplete | worst case |\n")
            .Append("|---|---:|---:|---:|---:|---:|---:|---|---|\n");
        foreach (var comparison in analysis.Comparisons)
        {
            var s = comparison.Statistics;
            text.Append(Text($"| {Escape(comparison.Model1)} vs {Escape(comparison.Model2)} | {s.Ties.Consistent} | {s.Ties.FlipFirst} | {s.Ties.FlipSecond} | {s.Ties.Soft} "))
                .Append(Text($"| {Percent(s.OrderConsistency)} | {Number(s.Averaged.H)} | {Failures(comparison)} | {Range(s.WorstCase)} |\n"));
        }
    }

    private static void AppendWarnings(StringBuilder text, StudyAnalysis analysis)
    {
        text.Append("\n## Read with care\n\n");
        foreach (var comparison in analysis.Comparisons)
        {
            foreach (var warning in ComparisonWarnings.Of(comparison))
            {
                text.Append("- ").Append(Escape(comparison.Model1)).Append(" vs ").Append(Escape(comparison.Model2)).Append(": ").Append(warning).Append('\n');
            }
        }

        foreach (var warning in analysis.Warnings)
        {
            text.Append("- ").Append(warning).Append('\n');
        }
    }

    private static void AppendFlow(StringBuilder text, StudyAnalysis analysis)
    {
        var stages = analysis.Flow.Select(f => (f.Stage, Lines: f.Lines())).Where(f => f.Lines.Count > 0).ToList();
        if (stages.Count == 0)
        {
            return;
        }

        text.Append("\n## From conversations to pairs\n\n| stage | what | count |\n|---|---|---:|\n");
        foreach (var (stage, lines) in stages)
        {
            foreach (var (name, count) in lines)
            {
                text.Append(Text($"| {Escape(stage)} | {Escape(name)} | {count} |\n"));
            }
        }
    }

    private static void AppendMethod(StringBuilder text, StudyAnalysis analysis)
    {
        text.Append("\n## How it was measured\n\n")
            .Append("Each arm answered each test context once. The judge saw each pair in both orders; an arm wins a pair only if it wins in both, and every other pair with two verdicts is a tie. ")
            .Append(Text($"The test is the exact two-sided sign test on won and lost pairs, adjusted by Holm for the {analysis.Comparisons.Count} planned {(analysis.Comparisons.Count == 1 ? "comparison" : "comparisons")}, at {ComparisonResult.Alpha}. "))
            .Append("Intervals: Student's t for the win rate, Wilson's for the decided pairs. Incomplete pairs are in no rate; *worst case* counts all of them as lost, then as won.\n\n");
        foreach (var comparison in analysis.Comparisons)
        {
            var m = comparison.Metadata;
            text.Append("- ").Append(Escape(comparison.Model1)).Append(" vs ").Append(Escape(comparison.Model2))
                .Append(": models `").Append(ModelName(m, comparison.Model1)).Append("` and `").Append(ModelName(m, comparison.Model2))
                .Append("`, judge `").Append(Field(m["judge"], "model")).Append("` at temperature ").Append(m["judge"]?["temperature"]?.ToJsonString() ?? "?")
                .Append(", provider ").Append(Field(m, "provider")).Append(", seed ").Append(m["seed"]?.ToJsonString() ?? "?").Append(".\n");
        }
    }

    private static string ModelName(JsonObject metadata, string name) =>
        Field(metadata[Field(metadata["model1"], "name") == name ? "model1" : "model2"], "model");

    private static string Field(JsonNode? node, string name) =>
        (node is JsonObject found ? RecordFields.Text(found, name) : null)?.Replace("`", "'", StringComparison.Ordinal) ?? "?";

    private static string PText(ComparisonResult comparison)
    {
        var s = comparison.Statistics;
        var p = s.PrimaryTest == "sign_test" ? PValueText.Format(s.Sign.PValue, s.Sign.Log10P) : PValueText.Format(s.PrimaryP);
        return p.StartsWith('<') ? $"p {p}" : $"p = {p}";
    }

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

    private static string Number(double? value) => value is { } number ? Text($"{number:0.000}") : "–";

    private static string Percent(double? share) => share is { } value ? Text($"{value * 100:0.0} %") : "–";

    private static string Range(Statistics.Interval interval) => Text($"[{interval.Lower:0.000}, {interval.Upper:0.000}]");

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace('\n', ' ');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
