using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>The one browser of the run. Without one, every test is skipped and says why.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    public static IBrowser Browser => _browser ?? throw new InvalidOperationException("There is no browser.");

    [OneTimeSetUp]
    public async Task A_browser_is_started()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.Ignore("No Chromium on PATH; tests/Browser.Tests/install-browser.sh installs Debian's.");
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,

            // As root, and in containers, Chromium's own sandbox cannot start. The pages are this project's and load nothing.
            Args = ["--no-sandbox"],
        });
    }

    [OneTimeTearDown]
    public async Task The_browser_is_closed()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
