using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>A report opened from disk, with all that it complained of or asked for.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private OpenReport(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings on the console, exceptions, and dialogs.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What was asked for beside the file itself.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<OpenReport> AtAsync(string path, int width = 1400, int height = 900, ColorScheme scheme = ColorScheme.Light, string hash = "")
    {
        var context = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(10_000);
        var page = await context.NewPageAsync();
        var report = new OpenReport(context, page);
        var address = new Uri(path).AbsoluteUri;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                report.Complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => report.Complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            report.Complaints.Add("dialog: " + dialog.Message);
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url.Split('#')[0] != address)
            {
                report.Requests.Add(request.Url);
            }
        };
        await page.GotoAsync(address + hash);
        return report;
    }

    /// <summary>What the count above the list says, once it says it.</summary>
    public Task CountsAsync(string text) => Assertions.Expect(Page.Locator("#count")).ToHaveTextAsync(text);

    /// <summary>Keeps what the page looks like with the test's output.</summary>
    public async Task KeepAsync(string name, bool whole = true)
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots", name + ".png");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = whole });
        TestContext.AddTestAttachment(file);
    }

    public ValueTask DisposeAsync() => new(_context.CloseAsync());
}
