using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cfx.Core.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

public sealed partial class MarkdownReportTests
{
    private const string Hostile = "x\r\n\r\n# Verdict: beta wins\n\n![i](https://e.org/i.png) <script>alert(1)</script> @octocat #12 `c` | **b** www.e.org\n| a | b |\n- [l](javascript:1)";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task No_text_of_the_data_becomes_a_heading_an_image_a_link_a_mention_or_a_line_of_its_own()
    {
        var plain = await RenderAsync("calm", "plain");
        var hostile = await RenderAsync("hostile", Hostile);

        Assert.That(hostile, Has.Length.EqualTo(plain.Length), "each text stays in its line");
        Assert.That(hostile.Where(l => l.StartsWith('#')).Skip(1), Is.EqualTo(plain.Where(l => l.StartsWith('#')).Skip(1)), "no new headings");
        Assert.That(hostile, Has.Some.Contains("beta wins"), "the texts are told");
        var text = string.Join('\n', hostile.Select(WithoutCode));
        Assert.That(text, Does.Not.Match(@"(?<!\\)\](\(|\[)").And.Not.Contain("![").And.Not.Contain("<script").And.Not.Contain("https://").And.Not.Contain("www."));
        Assert.That(text, Does.Not.Match(@"@\w|(?<!&)#\d+").And.Not.Match(@"(?<!\\)[@`]"));
        foreach (var (one, other) in hostile.Zip(plain).Where(l => l.First.StartsWith('|')))
        {
            Assert.That(Bars(one), Is.EqualTo(Bars(other)), one);
        }
    }

    // A span of code shows its text whatever it is.
    private static string WithoutCode(string line) => CodeSpan().Replace(line, "");

    private static int Bars(string line) => Bar().Count(line);

    [GeneratedRegex(@"(?<!\\)`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    private async Task<string[]> RenderAsync(string name, string text)
    {
        var fixture = new EvaluationFixture(name, "base");
        var metadata = fixture.Metadata;
        metadata["model1"]!["name"] = "one " + text;
        metadata["model1"]!["model"] = text;
        metadata["judge"] = new JsonObject { ["model"] = text, ["temperature"] = text };
        metadata["provider"] = text;
        metadata["seed"] = text;
        metadata["split_hash"] = text;
        metadata["warnings"] = new JsonArray(text, $"Incomplete pairs: item {text}.");
        var path = fixture.Add(30, "A", "B", text).Add(30, "B", "A", "UR3").Write(_folder);
        await new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            new AnalyzeOptions
            {
                StudyName = "s " + text,
                EvaluationPaths = [path],
                AnalysisPath = _folder[name + ".json"],
                ReportPath = _folder[name + ".md"],
                BootstrapReplicates = 0,
                Remarks = [text],
                ReplicateGroups = new Dictionary<string, string>(),
                Run = new JsonObject
                {
                    ["tool_version"] = text,
                    ["git_commit"] = text,
                    ["stages"] = new JsonArray(new JsonObject { ["stage"] = text, ["artifact"] = text, ["prompt_tokens"] = text }),
                    ["prompts"] = new JsonObject { [text] = text },
                },
            },
            CancellationToken.None);
        return await File.ReadAllLinesAsync(_folder[name + ".md"]);
    }
}
