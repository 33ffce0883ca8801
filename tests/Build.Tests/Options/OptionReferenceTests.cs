using System.Runtime.CompilerServices;
using Cfx.Build.Options;

namespace Build.Tests.Options;

public sealed class OptionReferenceTests
{
    private const string Update = "CFX_UPDATE_DOCS";

    [Test]
    public void The_documented_options_are_the_options_there_are()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "options.md");
        var before = File.ReadAllText(path);
        var at = before.IndexOf(OptionReference.Begin, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThan(0), "docs/options.md has lost the mark after which the tables stand");
        var after = before[..at] + OptionReference.Render(StudyOptions.CreateCatalog());
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, after);
        }
        else
        {
            Assert.That(before, Is.EqualTo(after), $"Run this test with {Update}=1 to write the tables anew.");
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
