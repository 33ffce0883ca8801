using System.Text.Json.Nodes;
using Cfx.Core.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

/// <summary>Runs the stage over evaluations made up in a folder of its own.</summary>
public abstract class AnalyzeStageFixture
{
    protected TemporaryFolder Folder { get; private set; } = null!;

    [SetUp]
    public void SetUp() => Folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => Folder.Dispose();

    protected static void Say(string path, string name, JsonNode value)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        file["metadata"]![name] = value;
        File.WriteAllText(path, file.ToJsonString());
    }

    protected Task<AnalyzeSummary> RunAsync(params string[] paths) => RunAsync(paths, []);

    protected Task<AnalyzeSummary> RunAsync(string[] paths, (string Stage, string Path)[] flow) => RunAsync(paths, o => o with { FlowPaths = flow });

    protected Task<AnalyzeSummary> RunAsync(string[] paths, Func<AnalyzeOptions, AnalyzeOptions> change) =>
        new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            change(new AnalyzeOptions
            {
                StudyName = "study",
                EvaluationPaths = paths,
                AnalysisPath = Folder["analysis.json"],
                ReportPath = Folder["report.md"],
            }),
            CancellationToken.None);

    protected string Write(
        string model1, string model2, int wins, int losses, int ties, int incomplete = 0, int itemsPerConversation = 1, string provider = "sandbox", string judge = "j")
    {
        var rows = new JsonArray();
        Add(wins, "\"outcome\":\"win\"");
        Add(losses, "\"outcome\":\"loss\"");
        Add(ties, "\"outcome\":\"tie\",\"tie_kind\":\"flip_first\"");
        Add(incomplete, "\"outcome\":\"incomplete\",\"incomplete_cause\":\"answer_model1\"");
        var file = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["provider"] = provider,
                ["model1"] = new JsonObject { ["name"] = model1, ["model"] = "x" },
                ["model2"] = new JsonObject { ["name"] = model2, ["model"] = "y" },
                ["judge"] = new JsonObject { ["model"] = judge, ["temperature"] = 0 },
            },
            ["evaluations"] = rows,
        };
        return Folder.Write($"{model1}_vs_{model2}.json", file.ToJsonString());

        void Add(int count, string outcome)
        {
            for (var i = 0; i < count; i++)
            {
                rows.Add(JsonNode.Parse($$"""{"item_id":"i{{rows.Count}}","conversation_id":"c{{rows.Count / itemsPerConversation}}",{{outcome}}}"""));
            }
        }
    }

    protected JsonNode Analysis() => JsonNode.Parse(File.ReadAllText(Folder["analysis.json"]))!;

    protected string[] ReportLines() => File.ReadAllLines(Folder["report.md"]);
}
