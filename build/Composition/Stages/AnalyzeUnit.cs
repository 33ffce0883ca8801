using Cfx.Build.Composition.Providers;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Reporting;
using Cfx.Together.Serving;

namespace Cfx.Build.Composition.Stages;

/// <summary>The judged comparisons → the study's figures and report.</summary>
internal static class AnalyzeUnit
{
    private const int RecipeVersion = 6;

    public static StageUnit Create(StudyRun run)
    {
        var layout = run.Layout;
        var options = Options(run);
        StageInput[] inputs =
        [
            .. run.Plan.Comparisons.Select(c =>
                new StageInput(layout.Comparison(c.Model1, c.Model2), InputKind.File, StageTargets.ForComparison(c.Model1, c.Model2))),
            .. options.FlowPaths.Select(f => new StageInput(f.Path, InputKind.File, f.Stage)),
            .. options.ProcessedPaths.Select(p => new StageInput(p.Path, InputKind.File, StageTargets.ForMethod(p.Method))),
            new(layout.Leakage, InputKind.File, StageTargets.Analyze),
            new(layout.PlannedTest, InputKind.File, StageTargets.Analyze),
            .. Checks(layout).Where(c => File.Exists(c.Path)),
            .. (options.AuditSource?.AlternativePrompts ?? []).Select(p => new StageInput(p.Path, InputKind.Text)),
        ];
        var parameters = StudyRun.Identity(run.Options, "analyze", "study-seed");
        parameters["study"] = layout.Name;
        if (options.OtherBaseArms.Count > 0)
        {
            parameters["bases"] = string.Join(",", options.OtherBaseArms);
        }

        if (options.ReplicateGroups.Count > 0)
        {
            parameters["replicates"] = string.Join(",", options.ReplicateGroups.Select(g => $"{g.Key}:{g.Value}"));
        }

        if (options.AllowOverlap)
        {
            parameters["evaluate-allow-overlap"] = "true";
        }

        if (options.Remarks.Count > 0)
        {
            parameters["remarks"] = string.Join(" ", options.Remarks);
        }

        if (File.Exists(layout.Audit))
        {
            // Whether the audit asked the study's generator, served by the same provider, is in the report.
            parameters["process-provider"] = run.Providers.Role("process").Provider;
            foreach (var (name, value) in StudyRun.Identity(run.Options, "process-model", "process-temperature", "process-top-p", "process-max-tokens"))
            {
                parameters[name] = value;
            }
        }

        var recipe = run.FreeRecipe(StageTargets.Analyze, RecipeVersion, parameters, inputs, layout.Analysis, layout.Report, layout.HtmlReport, layout.Comparisons) with
        {
            Absent = [.. Checks(layout).Where(c => !File.Exists(c.Path))],
        };
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var known = options with
            {
                PlannedPairs = options.PlannedPairs ?? await PlannedAsync(run, cancellationToken),
                Run = await RunRecord.CollectAsync(
                    run.Root, [layout.DataFolder, layout.ModelsFolder, layout.ResultsFolder], StudyServices.Version, run.Commit, cancellationToken),
            };
            await new AnalyzeStage(run.Progress, run.Logger<AnalyzeStage>()).RunAsync(known, cancellationToken);
            return new StageResult(StageCost.None, Path.GetRelativePath(run.Root, layout.HtmlReport));
        });
    }

    /// <summary>What is read where it is there: the judge held against the users, with the items that this is made of, and against people.</summary>
    private static IEnumerable<StageInput> Checks(StudyLayout layout)
    {
        yield return new StageInput(layout.Audit, InputKind.File, StageTargets.Audit);
        if (File.Exists(layout.Audit))
        {
            yield return new StageInput(layout.TrainingItems, InputKind.File, StageTargets.Split);
        }

        yield return new StageInput(layout.BlindAgreement, InputKind.File, StageTargets.Blind);
    }

    /// <summary>The test contexts that the study has now: each comparison is to have a pair for each.</summary>
    public static async Task<long?> PlannedAsync(StudyRun run, CancellationToken cancellationToken) =>
        File.Exists(run.Layout.TestItems) ? await RespondUnit.Contexts(run, cancellationToken).CountAsync(cancellationToken) : null;

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
            HtmlReportPath = layout.HtmlReport,
            ComparisonsPath = layout.Comparisons,
            JobPaths = [.. run.Plan.TrainedArms.Select(a => layout.Job(a.Name))],
            ManifestFolders = [layout.DataFolder, layout.ModelsFolder, layout.ResultsFolder],
            FlowPaths =
            [
                (StageTargets.Filter, layout.FilterCounts), (StageTargets.Split, layout.SplitCounts), (StageTargets.Prepare, layout.PrepareCounts),
            ],
            ProcessedPaths = [.. run.Plan.Methods.Select(m => (m, layout.Processed(m)))],
            Seed = (ulong)run.Seed,
            BootstrapReplicates = (int)run.Options.WholeNumber("analyze", "bootstrap"),
            EquivalenceMargin = run.Options.NumberOrNull("analyze", "margin"),
            PlannedPairs = run.Options.WholeNumberOrNull("analyze", "planned"),
            LeakagePath = layout.Leakage,
            PlannedTestPath = layout.PlannedTest,
            AuditPath = layout.Audit,
            HumanPath = layout.BlindAgreement,
            AuditSource = File.Exists(layout.Audit)
                ? new AuditSource(
                    layout.Processed(AuditUnit.Method), layout.TrainingItems, AlternativeMethod.Load(run.PromptFolder).Prompts,
                    run.Settings("process", run.Options.Text("process", "model")), run.Providers.Role("process").Provider)
                : null,
            AllowOverlap = run.Options.Flag("evaluate", "allow-overlap"),
            OtherBaseArms = [.. run.Plan.BaseModels.Keys.Skip(1)],
            ReplicateGroups = run.Plan.TrainedArms.Where(a => a.Replicates > 1).ToDictionary(a => a.Name, a => a.Group, StringComparer.Ordinal),
            Remarks = [.. ArmRemarks.Of(run.Plan, run.Options, new ServedArms(ServingSession.Folder(run.Root), run.Options.Text("study", "name")).Read())],
        };
    }
}
