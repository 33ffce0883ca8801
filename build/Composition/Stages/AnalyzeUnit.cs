using Cfx.Core.Artifacts;
using Cfx.Core.Reporting;

namespace Cfx.Build.Composition.Stages;

/// <summary>The judged comparisons → the study's figures and report.</summary>
internal static class AnalyzeUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run)
    {
        var layout = run.Layout;
        var options = Options(run);
        StageInput[] inputs =
        [
            .. run.Plan.Comparisons.Select(c =>
                new StageInput(layout.Comparison(c.Model1, c.Model2), InputKind.File, StageTargets.ForComparison(c.Model1, c.Model2))),
            .. options.FlowPaths.Select(f => new StageInput(f.Path, InputKind.File, f.Stage)),
        ];
        var parameters = new Dictionary<string, string> { ["study"] = layout.Name };
        var recipe = run.FreeRecipe(StageTargets.Analyze, RecipeVersion, parameters, inputs, layout.Analysis, layout.Report);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            await new AnalyzeStage(run.Progress, run.Logger<AnalyzeStage>()).RunAsync(options, cancellationToken);
            return new StageResult(StageCost.None, Path.GetRelativePath(run.Root, layout.Report));
        });
    }

    /// <summary>What the study's analysis reads and writes.</summary>
    public static AnalyzeOptions Options(StudyRun run)
    {
        var layout = run.Layout;
        return new AnalyzeOptions
        {
            StudyName = layout.Name,
            EvaluationPaths = [.. run.Plan.Comparisons.Select(c => layout.Comparison(c.Model1, c.Model2))],
            AnalysisPath = layout.Analysis,
            ReportPath = layout.Report,
            FlowPaths =
            [
                (StageTargets.Filter, layout.FilterCounts), (StageTargets.Split, layout.SplitCounts), (StageTargets.Prepare, layout.PrepareCounts),
            ],
        };
    }
}
