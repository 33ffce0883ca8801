using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>The page as a whole: what it loads, how it looks, who can read it.</summary>
public sealed class PageTests
{
    private SampleStudy _study = null!;

    [OneTimeSetUp]
    public async Task A_report_is_made() => _study = await new SampleStudy().MakeAsync();

    [OneTimeTearDown]
    public void It_is_removed() => _study?.Dispose();

    [Test]
    public async Task It_opens_from_disk_without_a_complaint_or_a_request()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);

        await report.CountsAsync("120 comparisons");
        await report.Page.Locator("#detail h3").WaitForAsync();
        Assert.That(report.Complaints, Is.Empty);
        Assert.That(report.Requests, Is.Empty);
    }

    [TestCase(1400, 900)]
    [TestCase(390, 844)]
    public async Task The_first_screen_gives_the_answer_and_says_that_it_is_the_sandboxs(int width, int height)
    {
        await using var report = await OpenReport.AtAsync(_study.Report, width, height);

        await Assertions.Expect(report.Page.Locator("#sandbox")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(report.Page.Locator("#answer")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(report.Page.Locator("#answer")).ToHaveTextAsync("feedback answers better than alternative.");
        await Assertions.Expect(report.Page.Locator(".evidence")).ToContainTextAsync("58.3");
        await Assertions.Expect(report.Page.Locator(".facts")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(report.Page.Locator(".facts")).ToContainTextAsync("114 in each comparison");
        Assert.That(await report.Page.TitleAsync(), Does.StartWith("[SANDBOX] study-sandbox"));
    }

    [Test]
    public async Task A_paid_study_has_no_sandbox_mark()
    {
        using var paid = new SampleStudy();
        paid.Analysis["sandbox"] = false;
        paid.Analysis["providers"] = new System.Text.Json.Nodes.JsonArray("together");
        await paid.MakeAsync(rows: 2);

        await using var report = await OpenReport.AtAsync(paid.Report);

        await Assertions.Expect(report.Page.Locator("#sandbox")).ToHaveCountAsync(0);
        await Assertions.Expect(report.Page.Locator(".facts")).ToContainTextAsync("together");
        Assert.That(await report.Page.TitleAsync(), Does.Not.Contain("SANDBOX"));
    }

    [TestCase(390, 844, ColorScheme.Light)]
    [TestCase(390, 844, ColorScheme.Dark)]
    [TestCase(1400, 900, ColorScheme.Light)]
    [TestCase(1400, 900, ColorScheme.Dark)]
    public async Task The_layout_holds_and_every_text_can_be_read(int width, int height, ColorScheme scheme)
    {
        await using var report = await OpenReport.AtAsync(_study.Report, width, height, scheme);
        await report.Page.Locator("#detail h3").WaitForAsync();
        await report.KeepAsync($"{width}-{scheme}");
        await report.KeepAsync($"{width}-{scheme}-first", whole: false);

        Assert.That(await report.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing sticks out at the side");
        Assert.That(await report.Page.EvaluateAsync<bool>("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'"), Is.EqualTo(scheme == ColorScheme.Light));
        Assert.That(await report.Page.EvaluateAsync<string[]>(Scripts.LowContrast), Is.Empty, "4.5 to 1 everywhere");
    }

    [Test]
    public async Task It_is_built_for_those_who_hear_it()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);
        await report.Page.Locator("#detail h3").WaitForAsync();

        Assert.That(await report.Page.EvaluateAsync<string[]>(Scripts.Unheard), Is.Empty);
    }

    [Test]
    public async Task Charts_show_the_same_numbers_as_their_tables()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);

        var drawn = await report.Page.Locator("#comparisons svg[role=img]").EvaluateAllAsync<string[]>("all => all.map(s => s.getAttribute('aria-label'))");
        var rows = await report.Page.Locator("#comparisons table").First.Locator("tbody tr").EvaluateAllAsync<string[][]>("all => all.map(r => [...r.cells].map(c => c.textContent))");

        Assert.That(drawn, Is.EqualTo(rows.Select(r => $"{r[0]}: win rate {r[5]}, 95 % interval {r[6]}")));
    }

    [Test]
    public async Task It_prints_without_what_needs_a_screen()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);
        await report.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });

        await Assertions.Expect(report.Page.Locator("nav")).ToBeHiddenAsync();
        await Assertions.Expect(report.Page.Locator("#explorer")).ToBeHiddenAsync();
        await Assertions.Expect(report.Page.Locator("#sandbox")).ToBeVisibleAsync();
        Assert.That(await report.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"), Is.EqualTo("rgb(255, 255, 255)"));
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots", "print.pdf");
        await report.Page.PdfAsync(new() { Path = file, Format = "A4" });
        TestContext.AddTestAttachment(file);
        Assert.That(new FileInfo(file).Length, Is.GreaterThan(10_000));
    }

    [Test]
    public async Task The_keyboard_shows_where_it_is()
    {
        await using var report = await OpenReport.AtAsync(_study.Report);

        await report.Page.Keyboard.PressAsync("Tab");

        await Assertions.Expect(report.Page.Locator(".skip")).ToBeFocusedAsync();
        await Assertions.Expect(report.Page.Locator(".skip")).ToBeInViewportAsync();
        Assert.That(await report.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"), Is.EqualTo("solid"));
    }
}
