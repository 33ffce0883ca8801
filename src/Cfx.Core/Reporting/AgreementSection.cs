using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Reporting.Html;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on whether the judge sees what users and people see.</summary>
internal static class AgreementSection
{
    /// <summary>What stands where nobody made an audit.</summary>
    public const string NoAudit = "The judge was not held against the users' own feedback; the target Audit does it.";

    /// <summary>What stands where no verdicts of people were read.</summary>
    public const string NoPeople = "The judge was not held against people: there are no human labels. The target Blind writes a sheet for them.";

    /// <summary>What stands where a sheet came back empty.</summary>
    public const string EmptySheet = "A sheet for people was read back without a verdict in it: there are no human labels.";

    /// <summary>Begins the mark on an audit.</summary>
    public const string AuditMark = "This audit is not";

    /// <summary>Begins the mark on people's verdicts.</summary>
    public const string PeopleMark = "These verdicts are not";

    /// <summary>An audit's two groups, with what users did with the original.</summary>
    public static IReadOnlyList<(string Name, string Users, string Categories)> Groups { get; } = [("negative", "disliked", "(UR2, UR3)"), ("positive", "liked", "(UR5)")];

    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        if (!analysis.IsOfStudy)
        {
            return;
        }

        text.Append("\n## Agreement with users and people\n\n");
        if (analysis.Audit is { } audit)
        {
            Audit(text, audit.ToJson());
        }
        else
        {
            text.Append(NoAudit).Append('\n');
        }

        text.Append('\n');
        if (analysis.Human is { Judged: > 0 } human)
        {
            People(text, human.ToJson(analysis.Bases));
        }
        else
        {
            text.Append(analysis.Human is null ? NoPeople : EmptySheet).Append('\n');
        }
    }

    /// <summary>What an audit asks, in a sentence.</summary>
    public static string Question(JsonNode? audit) =>
        $"The judge {Figures.Text(audit, "judge", "model") ?? "?"} compared new answers with the originals that users had reacted to. One that sees what the users saw prefers the new answer more often where they disliked the original (UR2, UR3: its rewrite) than where they liked it (UR5: another answer).";

    /// <summary>How an audit came out beyond its reading; the figures with their intervals.</summary>
    public static string Difference(JsonNode? audit)
    {
        var agreement = Figures.Object(audit, "agreement");
        if (Figures.Number(agreement, "difference") is not { } difference)
        {
            return "P(new preferred | negative) − P(new preferred | positive): not known.";
        }

        var interval = Figures.Range(agreement, "ci95") is { } r ? $"95 % interval {Figures.Signed(r.Lower, "0.000")} to {Figures.Signed(r.Upper, "0.000")}" : "no interval";
        var p = Figures.Number(agreement, "p") switch { null => string.Empty, < 0.0001 => "; p < 0.0001", { } value => $"; {Figures.Equation("p", value)}" };
        return $"P(new preferred | negative) − P(new preferred | positive) = {Figures.Signed(difference, "0.000")} ({interval}{p}).";
    }

    /// <summary>How often the judge, asked the same again, said something else.</summary>
    public static string Noise(JsonNode? audit)
    {
        var repeat = Figures.Object(audit, "repeat");
        return Figures.Number(repeat, "n") is { } n and > 0
            ? $"Asked the same question twice, in the same order, the judge changed its verdict on {Figures.Percent(Figures.Number(repeat, "noise"))} of {Figures.Count(n)} pairs (95 % interval {Figures.Percent(Figures.Range(repeat, "noise_ci95"))})."
            : "No pair was asked twice, so the judge's own noise is not known.";
    }

    /// <summary>That an audit, or people's verdicts, are not of the study as it is; null where they are.</summary>
    /// <param name="checks">The part of the analysis.</param>
    /// <param name="what">Begins the sentence.</param>
    public static string? Mark(JsonNode? checks, string what) => Figures.IsTrue(checks, "matches_study") ? null
        : $"{what} of this study as it is now. {string.Join(" ", Figures.Items(checks, "differences").Select(d => PageJson.Text(d)))}";

    /// <summary>Which judges the audit leaves out; null where it leaves out none.</summary>
    public static string? NotAudited(JsonNode? audit) => Figures.Items(audit, "judges_not_audited") is { Count: > 0 } others
        ? $"Only the first of the study's judges was held against the users, not their majority, nor {string.Join(", ", others.Select(o => PageJson.Text(o)))}."
        : null;

    private static void Audit(StringBuilder text, JsonObject audit)
    {
        if (Mark(audit, AuditMark) is { } mark)
        {
            text.Append("**").Append(Escape(mark)).Append(" Run Audit again.**\n\n");
        }

        text.Append("**").Append(Escape(Figures.Text(audit, "reading") ?? string.Empty)).Append("** ").Append(Escape(Difference(audit))).Append("\n\n")
            .Append(Escape(Question(audit))).Append("\n\n")
            .Append("| the original was | pairs | new preferred | tied | original preferred | P(new preferred) [95 %] |\n|---|---:|---:|---:|---:|---|\n");
        foreach (var (name, users, categories) in Groups)
        {
            var group = Figures.Object(audit, name);
            text.Append(Text($"| {users} {categories} | {Figures.Count(Figures.Number(group, "complete"))} | {Figures.Count(Figures.Number(group, "new_preferred"))} | {Figures.Count(Figures.Number(group, "ties"))} "))
                .Append(Text($"| {Figures.Count(Figures.Number(group, "original_preferred"))} | {Share(group, "rate")} {Between(group, "ci95")} |\n"));
        }

        text.Append("\nA tie counts half. ").Append(Escape(Noise(audit))).Append('\n');
        if (NotAudited(audit) is { } others)
        {
            text.Append('\n').Append(Escape(others)).Append('\n');
        }
    }

    private static void People(StringBuilder text, JsonObject human)
    {
        if (Mark(human, PeopleMark) is { } mark)
        {
            text.Append("**").Append(Escape(mark)).Append("**\n\n");
        }

        text.Append(Text($"People judged {Figures.Count(Figures.Number(human, "judged"))} of {Figures.Count(Figures.Number(human, "pairs"))} pairs, blind to the arms. "))
            .Append("*Agree*: share of pairs that people and the judge see the same way (first-named arm, tie, second-named arm).\n\n")
            .Append("| comparison | pairs | won | tied | lost | people's win rate [95 %] | with the judge | agree [95 %] | kappa [95 %] |\n|---|---:|---:|---:|---:|---|---:|---|---|\n");
        foreach (var c in Figures.Items(human, "comparisons"))
        {
            var agreement = Figures.Object(c, "agreement");
            text.Append(Text($"| {Escape(Figures.Text(c, "model1") ?? "?")} vs {Escape(Figures.Text(c, "model2") ?? "?")} | {Figures.Count(Figures.Number(c, "n"))} "))
                .Append(Text($"| {Figures.Count(Figures.Number(c, "wins"))} | {Figures.Count(Figures.Number(c, "ties"))} | {Figures.Count(Figures.Number(c, "losses"))} | {Share(c, "h")} {Between(c, "ci95")} | {Agreement(agreement)} |\n"));
        }

        text.Append(Text($"| **all** | {Figures.Count(Figures.Number(human, "judged"))} | – | – | – | – | {Agreement(Figures.Object(human, "agreement"))} |\n"));
    }

    private static string Agreement(JsonNode? agreement) =>
        Text($"{Figures.Count(Figures.Number(agreement, "n"))} | {Share(agreement, "agreement")} {Between(agreement, "agreement_ci95")} | {Share(agreement, "kappa")} {Between(agreement, "kappa_ci95")}");

    private static string Share(JsonNode? node, string name) => Number(Figures.Number(node, name));

    private static string Between(JsonNode? node, string name) => Figures.Range(node, name) is { } r ? Range(new Statistics.Interval(r.Lower, r.Upper)) : string.Empty;
}
