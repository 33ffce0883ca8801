using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>What the sections render.</summary>
internal sealed record ReportData(
    JsonObject Analysis, IReadOnlyList<ComparisonView> Comparisons, IReadOnlyList<JsonObject> Jobs, IReadOnlyList<StageRun> Stages, bool HasPairs)
{
    public string Study => Figures.Text(Analysis, "study") ?? "study";

    public bool IsSandbox => Figures.IsTrue(Analysis, "sandbox");

    public IReadOnlyList<string> Providers => [.. Figures.Items(Analysis, "providers").Select(p => PageJson.Text(p)).OfType<string>()];

    /// <summary>The comparison that answers the study's question: the two methods against each other where both are there.</summary>
    public ComparisonView? Main => Comparisons.FirstOrDefault(c => c is { Model1: "feedback", Model2: "alternative" } or { Model1: "alternative", Model2: "feedback" })
        ?? (Comparisons.Count > 0 ? Comparisons[0] : null);

    /// <summary>What all stages cost together in US dollars; null when one of them is not known.</summary>
    public double? Usd => Figures.Number(Analysis, "run", "totals", "cost_usd")
        ?? (Stages.Count > 0 && Stages.All(s => s.Manifest.Cost.Usd is not null || s.Manifest.Provider.Length == 0)
            ? (double)Stages.Sum(s => s.Manifest.Cost.Usd ?? 0)
            : null);

    public bool HasReplicates => Figures.Items(Analysis, "replicates").Count > 0;

    public static async Task<ReportData> LoadAsync(HtmlReportOptions options, CancellationToken cancellationToken)
    {
        var jobs = new List<JsonObject>();
        foreach (var path in options.JobPaths.Where(File.Exists))
        {
            try
            {
                if (JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) is JsonObject job)
                {
                    jobs.Add(job);
                }
            }
            catch (JsonException)
            {
                // A record that cannot be read has no curve to show; the stage that wrote it says more.
            }
        }

        return new ReportData(
            options.Analysis,
            [.. Figures.Items(options.Analysis, "comparisons").OfType<JsonObject>().Select(c => new ComparisonView(c))],
            jobs,
            await StageRun.LoadAsync(options.ManifestFolders, cancellationToken),
            options.EvaluationPaths.Count > 0);
    }
}
