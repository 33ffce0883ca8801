using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Generation;
using Cfx.Core.Reporting;

namespace Cfx.Build.Composition;

/// <summary>Turns the options of this run's analysis into those that a stored analysis was made with.</summary>
internal static class AnalysisSettings
{
    /// <param name="options">Of this run: where files stand.</param>
    /// <param name="made">The stored analysis's manifest: comparisons, stages before, and every setting.</param>
    /// <param name="analysis">The stored analysis; null when it cannot be read.</param>
    /// <param name="root">What paths in the manifest refer to.</param>
    /// <param name="layout">Where the study's files stand.</param>
    public static AnalyzeOptions AsMade(AnalyzeOptions options, Manifest made, JsonObject? analysis, string root, StudyLayout layout)
    {
        var parameters = made.Parameters;
        string? Text(string name) => parameters.GetValueOrDefault(name);
        double? Number(string name) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
        var inputs = made.Inputs.Select(i => Path.GetFullPath(i.Path, root)).ToList();
        string? Read(string? path) => path is null || inputs.Contains(path) ? path : path + ".not_read";
        var comparisons = Path.Combine(layout.ResultsFolder, "evaluations");
        return options with
        {
            StudyName = Text("study") ?? options.StudyName,
            EvaluationPaths = [.. inputs.Where(i => Path.GetDirectoryName(i) == comparisons)],

            // The training side's items are read for an audit, and no method made them.
            ProcessedPaths = [.. inputs.Where(i => Path.GetDirectoryName(i) == layout.DataFolder && Path.GetExtension(i) == ".jsonl" && i != layout.TrainingItems).Select(i => (Path.GetFileNameWithoutExtension(i), i))],
            Seed = Text("study-seed") is { } seed ? (ulong)long.Parse(seed, CultureInfo.InvariantCulture) : options.Seed,
            BootstrapReplicates = (int?)Number("analyze-bootstrap") ?? options.BootstrapReplicates,
            EquivalenceMargin = Number("analyze-margin"),
            PlannedPairs = (long?)Number("analyze-planned"),
            AllowOverlap = Text("evaluate-allow-overlap") == "true",
            LeakagePath = inputs.Contains(layout.Leakage) ? layout.Leakage : null,

            // An audit or verdicts of people that came later are no fault of it: Analyze is due then, and its summary says so.
            AuditPath = Read(options.AuditPath),
            HumanPath = Read(options.HumanPath),
            AuditSource = options.AuditSource is { } source && Text("process-model") is { } generator && Number("process-temperature") is { } temperature
                && Number("process-top-p") is { } topP && Number("process-max-tokens") is { } maxTokens
                ? source with
                {
                    Generator = new GenerationSettings(generator, temperature, topP, (int)maxTokens),
                    GeneratorProvider = Text("process-provider") ?? source.GeneratorProvider,
                }
                : options.AuditSource,
            OtherBaseArms = (Text("bases") ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries),
            PlannedTestPath = inputs.Contains(layout.PlannedTest) ? layout.PlannedTest : null,
            ReplicateGroups = (Text("replicates") ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(g => g.Split(':', 2)).Where(g => g.Length == 2).ToDictionary(g => g[0], g => g[1], StringComparer.Ordinal),
            Remarks = Text("remarks") is { } remarks ? Remarks(remarks, options.Remarks, analysis) : [],
        };
    }

    // The manifest holds the sentences in a row. Where one ends is told by what this run would say, or by the analysis, which holds them one by one.
    private static IReadOnlyList<string> Remarks(string remarks, IReadOnlyList<string> now, JsonObject? analysis)
    {
        var said = (analysis?["warnings"] as JsonArray ?? []).Select(w => w?.ToString() ?? string.Empty).ToList();
        IEnumerable<IReadOnlyList<string>> candidates =
        [
            now, .. Enumerable.Range(0, said.Count).SelectMany(from => Enumerable.Range(1, said.Count - from).Select(count => said.GetRange(from, count))),
        ];
        return candidates.FirstOrDefault(c => string.Join(' ', c) == remarks) ?? [remarks];
    }
}
