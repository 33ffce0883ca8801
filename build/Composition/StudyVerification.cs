using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Build.Composition.Stages;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Reporting;
using Cfx.Core.Reporting.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Build.Composition;

/// <summary>Checks that a study's results follow from its files: manifests against files, verdicts against the judges' words, the overlap check against test and
/// training files, analysis and reports against the judgments. Asks no model and changes nothing.</summary>
/// <remarks>What was made counts, not what this run would make: comparisons and settings come from the manifests.</remarks>
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
        var seen = new List<string> { $"{manifests} manifests" };
        var made = await Manifest.TryReadAsync(layout.Analysis, cancellationToken);
        var options = AnalyzeUnit.Options(run);
        if (made is not null)
        {
            options = AnalysisSettings.AsMade(options, made, await JsonAsync(layout.Analysis, cancellationToken), run.Root, layout);
        }

        var evaluations = options.EvaluationPaths.Concat(AnalyzeUnit.Options(run).EvaluationPaths).Distinct(StringComparer.Ordinal).Where(File.Exists).ToList();
        foreach (var path in evaluations)
        {
            await AddAsync(faults, async () => await EvaluationVerifier.VerifyAsync(path, Told(path), await GeneratorsAsync(path, cancellationToken), cancellationToken));
        }

        seen.Add($"{evaluations.Count} comparisons");
        var folder = Directory.CreateTempSubdirectory("cfx-verify-");
        try
        {
            await CheckAsync("the overlap check", layout.Leakage, () => LeakageAsync(folder.FullName, cancellationToken));
            await CheckAsync("the audit", layout.Audit, () => AuditVerifier.VerifyAsync(layout.Audit, Told(layout.Audit), cancellationToken));
            await CheckAsync("the analysis", layout.Analysis, () => AnalysisAsync(options, made, folder.FullName, cancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return (string.Join(", ", seen), faults);

        async Task CheckAsync(string what, string path, Func<Task<IReadOnlyList<string>>> check)
        {
            if (File.Exists(path))
            {
                seen.Add(what);
                await AddAsync(faults, check);
            }
        }
    }

    // A file that cannot be read is a finding, and no reason not to look at the others.
    private static async Task AddAsync(List<string> faults, Func<Task<IReadOnlyList<string>>> check)
    {
        try
        {
            faults.AddRange(await check());
        }
        catch (Exception e) when (e is MisuseException or StageFailedException)
        {
            faults.Add(e.Message);
        }
    }

    private async Task<IReadOnlyList<string>> LeakageAsync(string folder, CancellationToken cancellationToken)
    {
        var path = run.Layout.Leakage;
        if (await Manifest.TryReadAsync(path, cancellationToken) is not { Inputs.Count: >= 2 } made)
        {
            // The manifests' own check tells.
            return [];
        }

        // The test side, the training side, then every file that training read.
        var inputs = made.Inputs.Select(i => run.Full(i.Path)).ToList();
        var most = made.Parameters.TryGetValue("evaluate-test-size", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : (int?)null;
        var again = Path.Combine(folder, "leakage.json");
        await new LeakageStage(run.Progress, NullLogger.Instance).RunAsync(
            new LeakageOptions(inputs[0], most, inputs[1], inputs[2..], again), cancellationToken);
        return JsonFiguresComparison.AreSame(await JsonAsync(path, cancellationToken), await JsonAsync(again, cancellationToken))
            ? []
            : [$"{Told(path)}: test and training files give another content; run Analyze with --force and compare"];
    }

    private async Task<IReadOnlyList<string>> AnalysisAsync(AnalyzeOptions options, Manifest? made, string folder, CancellationToken cancellationToken)
    {
        var analysis = await JsonAsync(options.AnalysisPath, cancellationToken);
        var again = options with
        {
            // The size of the test as it was then: this run may ask for another.
            PlannedPairs = options.PlannedPairs ?? (options.PlannedTestPath is { } planned && File.Exists(planned)
                ? (await PlannedTest.LoadAsync(planned, cancellationToken)).Contexts
                : await AnalyzeUnit.PlannedAsync(run, cancellationToken)),

            // How long a stage took is not to be had from the judgments.
            Run = analysis?["run"] as JsonObject,
            AnalysisPath = Path.Combine(folder, "analysis.json"),
            ReportPath = Path.Combine(folder, "report.md"),
            HtmlReportPath = null,
            ComparisonsPath = Path.Combine(folder, "comparisons.csv"),
        };
        await new AnalyzeStage(run.Progress, NullLogger.Instance).RunAsync(again, cancellationToken);
        var faults = new List<string>();
        if (!JsonFiguresComparison.AreSame(analysis, await JsonAsync(again.AnalysisPath, cancellationToken)))
        {
            faults.Add(Differs(options.AnalysisPath));
        }

        foreach (var (path, anew) in new[] { (options.ReportPath, again.ReportPath), (options.ComparisonsPath!, again.ComparisonsPath) })
        {
            // One that is missing, or that an earlier version did not make, the manifests tell.
            if (File.Exists(path) && made?.Outputs.Any(o => run.Full(o.Path) == path) != false
                && await ContentHash.OfFileAsync(path, cancellationToken) != await ContentHash.OfFileAsync(anew, cancellationToken))
            {
                faults.Add(Differs(path));
            }
        }

        return faults;
    }

    // Where the judge and the generator are kin, the manifest names the generator, and the file warns of it.
    private static async Task<IReadOnlyList<string>?> GeneratorsAsync(string path, CancellationToken cancellationToken) =>
        await Manifest.TryReadAsync(path, cancellationToken) is not { } manifest ? null
        : manifest.Parameters.TryGetValue("generator", out var generator) ? [generator] : [];

    private string Told(string path) => Path.GetRelativePath(run.Root, path).Replace('\\', '/');

    private string Differs(string path) => $"{Told(path)}: the stored judgments give another content; run Analyze with --force and compare";

    // What is not JSON differs from what is made anew, and is told then.
    private static async Task<JsonObject?> JsonAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
