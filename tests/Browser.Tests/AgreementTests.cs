using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>What the page shows of several judges, of an audit and of people's verdicts.</summary>
public sealed class AgreementTests
{
    private const string Hostile = "</td><img src=x onerror='window.ran=1'>\u202Eevil|\"judge";

    [TestCase(390, 844)]
    [TestCase(1400, 900)]
    public async Task An_audit_human_labels_and_three_judges_are_shown_with_their_intervals(int width, int height)
    {
        using var study = await new SampleStudy().MakeAsync(rows: 2, words: 2);
        await using var report = await OpenReport.AtAsync(study.Report, width, height);
        var judges = report.Page.Locator("#judges");
        var agreement = report.Page.Locator("#agreement");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Row(judges, 0, 8), Is.EqualTo("feedback vs alternative|majority of 3|114|31|71|12|58.3\u00A0%|52.8 to 63.8\u00A0%|72.0\u00A0%|0"));
            Assert.That(await Row(judges, 0, 9), Does.StartWith("feedback vs alternative|sandbox/judge|114|30|66|18|61.3\u00A0%|55.8 to 66.8\u00A0%"));
            Assert.That(await Row(judges, 1, 0), Is.EqualTo("feedback vs base|all 3 (Fleiss' kappa)|114|53.5\u00A0%|44.4 to 62.4\u00A0%|0.37|0.26 to 0.48"));
            Assert.That(await Row(judges, 1, 1), Is.EqualTo("feedback vs base|sandbox/judge and sandbox/judge-two|114|65.0\u00A0%|55.8 to 73.1\u00A0%|0.44|0.31 to 0.57"));
            Assert.That(await Row(agreement, 0, 0), Is.EqualTo("disliked (UR2, UR3)|99|55|30|14|70.7\u00A0%|63.4 to 78.0\u00A0%|1"));
            Assert.That(await Row(agreement, 1, 0), Is.EqualTo(
                "feedback vs alternative|34|15|12|7|61.8\u00A0%|48.3 to 75.2\u00A0%|58.3\u00A0%|64.7\u00A0%|47.9 to 78.5\u00A0%|0.41|0.14 to 0.68"));
            await Assertions.Expect(report.Page.Locator("#audit-reading")).ToContainTextAsync("P(new preferred | negative) − P(new preferred | positive) = +0.380 (95 % interval +0.272 to +0.488; p");
            await Assertions.Expect(report.Page.Locator("#audit-noise")).ToContainTextAsync("10.5");
            await Assertions.Expect(report.Page.Locator("#audit-others")).ToContainTextAsync("nor sandbox/judge-two, sandbox/judge-three");
            await Assertions.Expect(report.Page.Locator("#people")).ToContainTextAsync("96 of 100 pairs");
            await Assertions.Expect(judges.Locator("svg[role=img]")).ToHaveCountAsync(12);
            await Assertions.Expect(agreement.Locator("svg[role=img]")).ToHaveCountAsync(2);
            Assert.That(await report.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing sticks out at the side");
        }
    }

    [TestCase(390, 844)]
    [TestCase(1400, 900)]
    public async Task A_judges_name_is_shown_as_it_is_whatever_it_holds(int width, int height)
    {
        using var study = new SampleStudy();
        foreach (var comparison in study.Analysis["comparisons"]!.AsArray())
        {
            comparison!["judges"]!["each"]![1]!["judge"] = Hostile;
            comparison["judges"]!["agreement"]!["pairs"]![0]!["judge2"] = Hostile;
        }

        var audit = study.Analysis["audit"]!;
        audit["matches_study"] = false;
        audit["differences"] = new JsonArray($"It held the judge {Hostile} against the users.");
        audit["judge"]!["model"] = Hostile;
        audit["judges_not_audited"] = new JsonArray(Hostile);
        await study.MakeAsync(rows: 2, words: 2);

        await using var report = await OpenReport.AtAsync(study.Report, width, height);

        Assert.That(await report.Page.Locator("#judges tbody tr").Nth(2).Locator("td bdi").First.TextContentAsync(), Is.EqualTo(Hostile));
        await Assertions.Expect(report.Page.Locator("#audit-mark")).ToContainTextAsync(Hostile);
        await Assertions.Expect(report.Page.Locator("#audit-others")).ToContainTextAsync(Hostile);
        Assert.That(await report.Page.EvaluateAsync<bool>("window.ran === undefined"), "no script ran");
        Assert.That(await report.Page.Locator("img").CountAsync(), Is.Zero);
        Assert.That(await report.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing sticks out at the side");
        Assert.That(report.Complaints, Is.Empty);
    }

    private static async Task<string> Row(ILocator section, int table, int row) => string.Join(
        '|', await section.Locator("table").Nth(table).Locator("tbody tr").Nth(row).Locator("th, td").EvaluateAllAsync<string[]>("all => all.map(c => c.textContent)"));
}
