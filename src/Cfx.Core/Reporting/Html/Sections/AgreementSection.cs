using System.Text.Json.Nodes;
using Words = Cfx.Core.Reporting.AgreementSection;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Whether the judge sees what users and people see.</summary>
internal sealed class AgreementSection : IReportSection
{
    public string Id => "agreement";

    public string Title => "Agreement with users and people";

    // The names are there, with or without figures, in every study's analysis.
    public bool HasData(ReportData data) => data.Analysis.ContainsKey("audit") || data.Analysis.ContainsKey("human");

    public void Write(HtmlWriter page, ReportData data)
    {
        if (Figures.Object(data.Analysis, "audit") is { } audit)
        {
            Audit(page, audit);
        }
        else
        {
            page.Element("p", Words.NoAudit, ("id", "no-audit"));
        }

        if (Figures.Object(data.Analysis, "human") is { } human && Figures.Number(human, "judged") > 0)
        {
            People(page, data, human);
        }
        else
        {
            page.Element("p", Figures.Object(data.Analysis, "human") is null ? Words.NoPeople : Words.EmptySheet, ("id", "no-people"));
        }
    }

    private static void Audit(HtmlWriter page, JsonObject audit)
    {
        page.Element("h3", "The users' own feedback");
        if (Words.Mark(audit, Words.AuditMark) is { } mark)
        {
            page.Open("p", ("class", "mark"), ("id", "audit-mark")).Name(mark).Text(" Run Audit again.").Close();
        }

        page.Open("p", ("id", "audit-reading")).Open("strong").Name(Figures.Text(audit, "reading")).Close().Text(" " + Words.Difference(audit)).Close();
        page.Open("p", ("class", "lead")).Name(Words.Question(audit)).Close();
        ForestPlot.Draw(
            page,
            [
                .. Words.Groups.Select(g => (g.Users, g.Categories, Group: Figures.Object(audit, g.Name)))
                    .Where(g => Figures.Number(g.Group, "rate") is not null && Figures.Range(g.Group, "ci95") is not null)
                    .Select(g => new ForestPlot.Line(
                        "open", $"{g.Users} original", g.Categories, $"{g.Users} original {g.Categories}: new answer preferred",
                        Figures.Number(g.Group, "rate")!.Value, Figures.Range(g.Group, "ci95")!.Value)),
            ],
            "original preferred",
            "new answer preferred");
        var table = HtmlTable.Begin(page, "The judge against the users' feedback",
            "the original was", "#pairs", "#new preferred", "#tied", "#original preferred", "#P(new preferred)", "#95 % interval", "#incomplete");
        foreach (var (name, users, categories) in Words.Groups)
        {
            var group = Figures.Object(audit, name);
            table.Row(
                $"{users} {categories}", Count(group, "complete"), Count(group, "new_preferred"), Count(group, "ties"), Count(group, "original_preferred"), Figures.Percent(Figures.Number(group, "rate")),
                Figures.Percent(Figures.Range(group, "ci95")), Figures.Count(Figures.Number(group, "pairs") - Figures.Number(group, "complete")));
        }

        table.End();
        page.Element("p", "A tie counts half. " + Words.Noise(audit), ("class", "note"), ("id", "audit-noise"));
        if (Words.NotAudited(audit) is { } others)
        {
            page.Open("p", ("id", "audit-others")).Name(others).Close();
        }
    }

    private static void People(HtmlWriter page, ReportData data, JsonObject human)
    {
        page.Element("h3", "People");
        if (Words.Mark(human, Words.PeopleMark) is { } mark)
        {
            page.Open("p", ("class", "mark"), ("id", "people-mark")).Name(mark).Close();
        }

        page.Open("p", ("id", "people")).Text($"People judged {Count(human, "judged")} of {Count(human, "pairs")} pairs, blind to the arms. ");
        var agreement = Figures.Object(human, "agreement");
        if (Figures.Number(agreement, "n") > 0)
        {
            page.Text($"They and the judge see {Figures.Percent(Figures.Number(agreement, "agreement"))} of {Count(agreement, "n")} pairs alike (95 % interval {Figures.Percent(Figures.Range(agreement, "agreement_ci95"))}; "
                + $"kappa {Figures.Decimal(Figures.Number(agreement, "kappa"), "0.00")}{(Figures.Range(agreement, "kappa_ci95") is null ? string.Empty : $", 95 % interval {Kappa(agreement)}")}).");
        }

        page.Close();
        var table = HtmlTable.Begin(page, "People's verdicts by comparison",
            "comparison", "#pairs", "#won", "#tied", "#lost", "#people's win rate", "#95 % interval", "#judge's, all pairs", "#seen alike", "#95 % interval", "#kappa", "#95 % interval");
        foreach (var c in Figures.Items(human, "comparisons"))
        {
            var label = $"{Figures.Text(c, "model1")} vs {Figures.Text(c, "model2")}";
            var with = Figures.Object(c, "agreement");
            table.Row(
                label, Count(c, "n"), Count(c, "wins"), Count(c, "ties"), Count(c, "losses"), Figures.Percent(Figures.Number(c, "h")), Figures.Percent(Figures.Range(c, "ci95")),
                Figures.Percent(data.Comparisons.FirstOrDefault(d => d.Label == label)?.H), Figures.Percent(Figures.Number(with, "agreement")), Figures.Percent(Figures.Range(with, "agreement_ci95")),
                Figures.Decimal(Figures.Number(with, "kappa"), "0.00"), Kappa(with));
        }

        table.End();
    }

    private static string Count(JsonNode? node, string name) => Figures.Count(Figures.Number(node, name));

    private static string Kappa(JsonNode? agreement) =>
        Figures.Range(agreement, "kappa_ci95") is { } r ? $"{Figures.Decimal(r.Lower, "0.00")} to {Figures.Decimal(r.Upper, "0.00")}" : Figures.None;
}
