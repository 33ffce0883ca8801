using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>Finding and reading single comparisons.</summary>
public sealed class ExplorerTests
{
    private SampleStudy _study = null!;

    [OneTimeSetUp]
    public async Task A_report_is_made() => _study = await new SampleStudy
    {
        Change = (comparison, i, row) =>
        {
            if (comparison == 1 && i == 33)
            {
                row["judgments"]![1]!["text"] = "Only the second judgment mentions Zanzibar. [[TIE]]";
            }
        },
    }.MakeAsync(rows: 60);

    [OneTimeTearDown]
    public void It_is_removed() => _study?.Dispose();

    [Test]
    public async Task Filters_narrow_the_list_together()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);
        var page = report.Page;
        await report.CountsAsync("180 comparisons");

        await page.SelectOptionAsync("#arm", new SelectOptionValue { Label = "alternative vs base" });
        await report.CountsAsync("60 of 180 comparisons");
        await page.SelectOptionAsync("#outcome", new SelectOptionValue { Label = "alternative won" });

        // The file has base first: there these pairs are losses.
        await report.CountsAsync("12 of 180 comparisons");
        await page.SelectOptionAsync("#category", "UR5");
        await report.CountsAsync("6 of 180 comparisons");
        Assert.That(await page.Locator("#list .chip").AllTextContentsAsync(), Is.All.EqualTo("alternative won"));

        await page.SelectOptionAsync("#outcome", "");
        await page.SelectOptionAsync("#category", "");
        await page.SelectOptionAsync("#orders", "flip_first");
        await report.CountsAsync("12 of 180 comparisons");
        await page.SelectOptionAsync("#orders", "differ");
        await report.CountsAsync("24 of 180 comparisons");
        await page.SelectOptionAsync("#orders", "agree");
        await report.CountsAsync("36 of 180 comparisons");
    }

    [Test]
    public async Task Search_looks_into_every_text_and_marks_what_it_found()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);
        var page = report.Page;

        await page.FillAsync("#search", "zanzibar");

        await report.CountsAsync("1 of 180 comparisons");
        await page.Locator("#list a").ClickAsync();
        await Assertions.Expect(page.Locator("#detail h3")).ToHaveTextAsync("item-00033");
        await Assertions.Expect(page.Locator("#detail mark")).ToHaveTextAsync("Zanzibar");
        await page.FillAsync("#search", "nothing says this");
        await report.CountsAsync("0 of 180 comparisons");
        await page.Locator("#search").PressAsync("Escape");
        await report.CountsAsync("180 comparisons");
    }

    [Test]
    public async Task A_comparison_shows_its_context_both_answers_and_both_judgments_as_the_arms_stand_in_the_report()
    {
        await using var report = await OpenReport.AtAsync(_study.Report, hash: "#item=item-00000&comparison=0");
        var detail = report.Page.Locator("#detail");

        await Assertions.Expect(detail.Locator(".meta")).ToContainTextAsync("feedback vs base");
        await Assertions.Expect(detail.Locator(".result")).ToHaveTextAsync("base won");
        await Assertions.Expect(detail.Locator(".message")).ToHaveCountAsync(3);
        await Assertions.Expect(detail.Locator(".pair").First.Locator("h4")).ToHaveTextAsync(["feedback", "base – preferred"]);
        await Assertions.Expect(detail.Locator(".pair").Last.Locator("h4")).ToHaveTextAsync(["base preferred", "base preferred"]);
        await Assertions.Expect(detail.Locator(".pair").Last.Locator(".who")).ToHaveTextAsync(["A was base, B was feedback", "A was feedback, B was base"]);
        Assert.That(report.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_link_leads_to_its_comparison_and_pages_and_keys_to_the_others()
    {
        await using var report = await OpenReport.AtAsync(_study.Report, hash: "#item=item-00049&comparison=0");
        var page = report.Page;
        var title = page.Locator("#detail h3");
        await Assertions.Expect(title).ToHaveTextAsync("item-00049");
        await Assertions.Expect(page.Locator("#detail")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(title).ToHaveTextAsync("item-00050");
        await Assertions.Expect(page.Locator("#page")).ToHaveTextAsync("Page 2 of 4");
        Assert.That(page.Url, Does.EndWith("#item=item-00050&comparison=0"));
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(title).ToHaveTextAsync("item-00049");
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator("#search")).ToBeFocusedAsync();

        await page.Locator("#forward").ClickAsync();
        await Assertions.Expect(page.Locator("#page")).ToHaveTextAsync("Page 2 of 4");
        await page.Locator("#list a").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(title).ToHaveTextAsync("item-00051");
        await page.GoBackAsync();
        await Assertions.Expect(title).ToHaveTextAsync("item-00049");
    }

    [Test]
    public async Task Twenty_thousand_comparisons_open_and_search_finds_the_last()
    {
        const int Rows = 6_667;
        using var study = new SampleStudy
        {
            Change = (comparison, i, row) => row["model2_response"] = comparison == 2 && i == Rows - 1 ? "the very last answer" : row["model2_response"]!.GetValue<string>(),
        };
        await study.MakeAsync(Rows, words: 60);

        await using var report = await OpenReport.AtAsync(study.Report);
        await report.CountsAsync("20,001 comparisons");
        var opened = await report.Page.EvaluateAsync<double>("performance.now()");
        await report.Page.FillAsync("#search", "the very last answer");
        await report.CountsAsync("1 of 20,001 comparisons");
        var found = await report.Page.EvaluateAsync<double>("performance.now()");

        await Assertions.Expect(report.Page.Locator("#list a")).ToContainTextAsync("item-06666");
        Assert.That(report.Complaints, Is.Empty);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"{new FileInfo(study.Report).Length / 1e6:0.0} MB on disk; ready {opened / 1000:0.00} s after the start of loading, the last found {(found - opened) / 1000:0.00} s later"));
    }
}
