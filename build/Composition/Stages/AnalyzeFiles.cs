using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Reporting;

namespace Cfx.Build.Composition.Stages;

/// <summary>Evaluation files of the user's, ours or of the original scripts → figures and report, outside the study.</summary>
internal static class AnalyzeFiles
{
    private const int RecipeVersion = 5;

    public static StageUnit Create(StudyRun run)
    {
        var files = run.Options.Text("analyze", "input").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(run.Full).Distinct(StringComparer.Ordinal).ToList();
        var folder = run.Full(run.Options.TextOrNull("analyze", "output") ?? "results/analysis");
        var options = AnalyzeUnit.Options(run) with
        {
            StudyName = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            EvaluationPaths = files,
            AnalysisPath = Path.Combine(folder, "analysis.json"),
            ReportPath = Path.Combine(folder, "report.md"),
            HtmlReportPath = Path.Combine(folder, "report.html"),
            ComparisonsPath = Path.Combine(folder, "comparisons.csv"),
            JobPaths = [],
            ManifestFolders = [],
            FlowPaths = [],
            ProcessedPaths = [],

            // What the study's training saw says nothing about files from elsewhere.
            LeakagePath = null,
            AllowOverlap = false,
            PlannedTestPath = null,
            Remarks = [],
            AuditPath = null,
            AuditSource = null,
            HumanPath = null,
            ReplicateGroups = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        if (files.FirstOrDefault(f => f == options.AnalysisPath) is { } own)
        {
            throw new MisuseException($"'{own}' is an analysis, not an evaluation file; give the files that were analysed, and another --output.");
        }

        var parameters = StudyRun.Identity(run.Options, "analyze", "study-seed");
        parameters["study"] = options.StudyName;
        parameters["bases"] = string.Join(",", [options.BaseArm, .. options.OtherBaseArms]);
        var recipe = run.FreeRecipe(
            StageTargets.Analyze, RecipeVersion, parameters, [.. files.Select(f => new StageInput(f, InputKind.File))],
            options.AnalysisPath, options.ReportPath, options.HtmlReportPath!, options.ComparisonsPath!);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var known = options with { Run = await RunRecord.CollectAsync(run.Root, [], StudyServices.Version, run.Commit, cancellationToken) };
            await new AnalyzeStage(run.Progress, run.Logger<AnalyzeStage>()).RunAsync(known, cancellationToken);
            return new StageResult(StageCost.None, Path.GetRelativePath(run.Root, options.ReportPath));
        });
    }
}
