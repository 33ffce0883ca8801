using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Build.Composition.Stages;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Reporting;
using Cfx.Core.Reporting.Verification;

namespace Cfx.Build.Composition;

/// <summary>Checks that a study's results follow from its files: manifests against files, verdicts against the judge's words, the analysis
/// against the judgments. Asks no model and changes nothing.</summary>
internal sealed class StudyVerification(StudyRun run)
{
    /// <returns>What was looked at, in words, and one line a fault.</returns>
    /// <exception cref="MisuseException">The study has no artifact yet.</exception>
    public async Task<(string Seen, IReadOnlyList<string> Faults)> RunAsync(CancellationToken cancellationToken)
    {
        var layout = run.Layout;
        var (manifests, broken) = await ManifestVerifier.VerifyAsync(
            run.Root, [layout.DataFolder, layout.ModelsFolder, layout.ResultsFolder], cancellationToken);
        if (manifests == 0)
        {
            throw new MisuseException($"The study '{layout.Name}' has no artifact to verify. Run the target {StageTargets.Study} first.");
        }

        var faults = new List<string>(broken);
        var options = AnalyzeUnit.Options(run);
        var evaluations = options.EvaluationPaths.Where(File.Exists).ToList();
        foreach (var path in evaluations)
        {
            faults.AddRange(await EvaluationVerifier.VerifyAsync(path, Path.GetRelativePath(run.Root, path), cancellationToken));
        }

        var analysed = File.Exists(options.AnalysisPath);
        if (analysed)
        {
            faults.AddRange(await AnalysisAsync(options, cancellationToken));
        }

        return ($"{manifests} manifests, {evaluations.Count} comparisons{(analysed ? ", the analysis" : string.Empty)}", faults);
    }

    private async Task<IReadOnlyList<string>> AnalysisAsync(AnalyzeOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("cfx-verify-");
        try
        {
            // What it was made with counts, not what this run would make it with.
            var made = (await Manifest.TryReadAsync(options.AnalysisPath, cancellationToken))?.Parameters;
            double? Made(string name) => made?.GetValueOrDefault(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
            var again = options with
            {
                BootstrapReplicates = (int?)Made("analyze-bootstrap") ?? options.BootstrapReplicates,
                EquivalenceMargin = made is null ? options.EquivalenceMargin : Made("analyze-margin"),
                PlannedPairs = (made is null ? options.PlannedPairs : (long?)Made("analyze-planned")) ?? await AnalyzeUnit.PlannedAsync(run, cancellationToken),
                // How long a stage took is not to be had from the judgments.
                Run = (await JsonAsync(options.AnalysisPath, cancellationToken))?["run"] as JsonObject,
                AnalysisPath = Path.Combine(folder.FullName, "analysis.json"),
                ReportPath = Path.Combine(folder.FullName, "report.md"),
                HtmlReportPath = null,
                ComparisonsPath = null,
            };
            await new AnalyzeStage(run.Progress, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).RunAsync(again, cancellationToken);
            var faults = new List<string>();
            var told = Path.GetRelativePath(run.Root, options.AnalysisPath);
            if (!JsonFiguresComparison.AreSame(await JsonAsync(options.AnalysisPath, cancellationToken), await JsonAsync(again.AnalysisPath, cancellationToken)))
            {
                faults.Add(Differs(told));
            }

            if (await ContentHash.OfFileAsync(options.ReportPath, cancellationToken) != await ContentHash.OfFileAsync(again.ReportPath, cancellationToken))
            {
                faults.Add(Differs(Path.GetRelativePath(run.Root, options.ReportPath)));
            }

            return faults;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Differs(string path) => $"{path}: the stored judgments give another content; run Analyze with --force and compare";

    // What is not JSON differs from what is made anew, and is told then.
    private static async Task<JsonObject?> JsonAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
