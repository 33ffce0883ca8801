using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Reporting.Html;
using Cfx.Core.Statistics;

namespace Browser.Tests;

/// <summary>A study's files in a folder of their own, and the report made from them.</summary>
internal sealed class SampleStudy : IDisposable
{
    public static readonly (string Model1, string Model2)[] Pairs = [("base", "feedback"), ("base", "alternative"), ("feedback", "alternative")];

    private static readonly string[] Words =
        "train window coffee garden quiet letter answer bread river paper signal winter method number lamp corner harbour ticket music chair".Split(' ');

    public SampleStudy()
    {
        Folder = Directory.CreateTempSubdirectory("cfx-report-").FullName;
        Analysis = SampleAnalysis.Make();
    }

    public string Folder { get; }

    public JsonObject Analysis { get; }

    /// <summary>Replaces one generated row's fields.</summary>
    public Action<int, int, JsonObject>? Change { get; init; }

    /// <summary>Texts by the sign that stands for them in a changed row.</summary>
    public Dictionary<string, string> Planted { get; } = new(StringComparer.Ordinal);

    public string Report => Path.Combine(Folder, "report.html");

    public string Csv => Path.Combine(Folder, "comparisons.csv");

    /// <summary>Writes the evaluation files, job records, report and table.</summary>
    /// <param name="rows">Pairs of each comparison.</param>
    /// <param name="words">Words an answer.</param>
    public async Task<SampleStudy> MakeAsync(int rows = 40, int words = 40)
    {
        var files = new List<string>();
        for (var comparison = 0; comparison < Pairs.Length; comparison++)
        {
            files.Add(Path.Combine(Folder, $"{comparison}.json"));
            await WriteAsync(files[^1], comparison, rows, words);
        }

        string[] jobs = [Path.Combine(Folder, "feedback_job.json"), Path.Combine(Folder, "alternative_job.json")];
        await File.WriteAllTextAsync(jobs[0], SampleAnalysis.Job("feedback", 60).ToJsonString());
        await File.WriteAllTextAsync(jobs[1], SampleAnalysis.Job("alternative", 60).ToJsonString());
        var options = new HtmlReportOptions { Analysis = Analysis, EvaluationPaths = files, JobPaths = jobs, ReportPath = Report };
        await HtmlReport.WriteAsync(options, CancellationToken.None);
        await ComparisonsCsv.WriteAsync(options, Csv, CancellationToken.None);
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task WriteAsync(string path, int comparison, int rows, int words)
    {
        var (model1, model2) = Pairs[comparison];
        var random = new SplitMix64((ulong)comparison + 7);
        await using var writer = new StreamWriter(path);
        var metadata = new JsonObject { ["model1"] = new JsonObject { ["name"] = model1 }, ["model2"] = new JsonObject { ["name"] = model2 } };
        await writer.WriteAsync($"{{\"metadata\": {metadata.ToJsonString()}, \"evaluations\": [");
        for (var i = 0; i < rows; i++)
        {
            var row = Row(i, words, random);
            Change?.Invoke(comparison, i, row);
            await writer.WriteAsync((i == 0 ? "\n" : ",\n") + Raw(row));
        }

        await writer.WriteAsync("]}\n");
    }

    // Every character as an escape: so a file may hold what a JSON writer would replace.
    private string Raw(JsonObject row) => Planted.Aggregate(row.ToJsonString(), (json, planted) => json.Replace(
        planted.Key, string.Concat(planted.Value.Select(c => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture))), StringComparison.Ordinal));

    private static JsonObject Row(int i, int words, SplitMix64 random)
    {
        var id = "item-" + i.ToString("00000", CultureInfo.InvariantCulture);
        string[] kinds = ["win", "loss", "consistent", "flip_first", "soft_model1"];
        var kind = kinds[i % kinds.Length];
        var (outcome, normal, reversed) = kind switch
        {
            "win" => ("win", "A", "B"),
            "loss" => ("loss", "B", "A"),
            "consistent" => ("tie", "TIE", "TIE"),
            "flip_first" => ("tie", "A", "A"),
            _ => ("tie", "A", "TIE"),
        };
        var row = new JsonObject
        {
            ["item_id"] = id,
            ["conversation_id"] = id,
            ["category"] = i % 2 == 0 ? "UR2" : "UR5",
            ["context"] = new JsonArray(
                new JsonObject { ["role"] = "user", ["content"] = $"Question {i} about the {Text(6, random)}?" },
                new JsonObject { ["role"] = "assistant", ["content"] = Text(words, random) },
                new JsonObject { ["role"] = "user", ["content"] = $"And then the {Text(8, random)}?" }),
            ["model1_response"] = Text(words, random),
            ["model2_response"] = Text(words, random),
            ["judgments"] = new JsonArray(
                new JsonObject { ["order"] = "normal", ["verdict"] = normal, ["status"] = "judged", ["text"] = $"{Text(words, random)}. [[{normal}]]" },
                new JsonObject { ["order"] = "reversed", ["verdict"] = reversed, ["status"] = "judged", ["text"] = $"{Text(words, random)}. [[{reversed}]]" }),
            ["outcome"] = outcome,
        };
        if (outcome == "tie")
        {
            row["tie_kind"] = kind;
        }

        return row;
    }

    private static string Text(int words, SplitMix64 random) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.NextIndex(Words.Length)]));
}
