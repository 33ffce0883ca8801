using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Reporting.Html;
using Cfx.Core.Statistics;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Reporting;

/// <summary>Turns evaluation files into a study's answer. Asks no model.</summary>
/// <param name="progress">Told how many pairs were read.</param>
/// <param name="logger">Told the answers.</param>
public sealed class AnalyzeStage(IProgressSink progress, ILogger logger)
{
    /// <summary>Writes analysis.json, the reports and the table of pairs.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops; files not yet whole do not appear.</param>
    /// <exception cref="MisuseException">An evaluation file is missing or broken.</exception>
    /// <exception cref="StageFailedException">Too much of the test was seen in training, and that was not allowed.</exception>
    public async Task<AnalyzeSummary> RunAsync(AnalyzeOptions options, CancellationToken cancellationToken)
    {
        var planned = options.EvaluationPaths.Count;
        if (planned == 0)
        {
            throw new MisuseException("There is no comparison to analyse; name at least two arms in study.json.");
        }

        HashSet<string> bases = new([options.BaseArm, .. options.OtherBaseArms], StringComparer.Ordinal);
        var leakage = await LeakageAsync(options, cancellationToken);
        var planning = options.PlannedTestPath is { } history ? await PlannedTest.LoadAsync(history, cancellationToken) : null;
        var read = await ReadAsync(options.EvaluationPaths, bases, leakage?.Overlapping, cancellationToken);
        var findings = read.Select(r =>
        {
            var statistics = r.Evidence.Estimate(planned);
            return (r.Model1, r.Model2, r.Metadata, r.Evidence, Statistics: statistics,
                Details: ComparisonDetails.Of(r.Evidence, statistics, options, (Planned(r.Metadata) ?? options.PlannedPairs) - r.Dropped, planned, cancellationToken));
        }).ToList();

        // A comparison without data, or with less than planned, was planned too: it enters with p = 1.
        var adjusted = Holm.Adjust([.. findings.Select(f => f.Statistics.HalfCredit.H is null || f.Details.IsPartial ? 1 : f.Statistics.PrimaryP ?? 1)]);
        var equal = options.EquivalenceMargin is null ? null : Holm.Adjust([.. findings.Select(f => f.Details.IsPartial ? 1 : f.Details.Equivalence?.PValue ?? 1)]);
        var comparisons = findings.Select((f, i) => new ComparisonResult(
            f.Model1, f.Model2, f.Metadata, f.Statistics,
            f.Details with { EquivalenceHolmP = f.Details.Equivalence is null ? null : equal?[i] },
            adjusted[i])).ToList();

        var served = comparisons.ConvertAll(c => EvaluationProviders.Of(c.Metadata));
        var providers = served.SelectMany(s => s.Names).Distinct(StringComparer.Ordinal).ToList();
        var spreads = ReplicateSpread.Of(comparisons, options.ReplicateGroups);
        var flow = await FlowCounts.LoadAsync(options.FlowPaths, cancellationToken);
        var metadata = comparisons.ConvertAll(c => c.Metadata);
        var audit = options.AuditPath is null ? null : await AuditFindings.LoadAsync(
            options.AuditPath, new AuditedStudy(metadata, options.AuditSource), cancellationToken);
        var human = options.HumanPath is null ? null : await HumanFindings.LoadAsync(
            options.HumanPath, [.. options.EvaluationPaths.Zip(metadata)], cancellationToken);
        var ratings = StudyRatings.Of([.. read.Select(r => (r.Model1, r.Model2, r.Evidence))], bases, options, cancellationToken);
        var analysis = new StudyAnalysis(
            options.StudyName,
            served.Exists(s => s.HasSandbox),
            providers,
            comparisons,
            flow,
            [.. leakage?.Marks() ?? [], .. options.Remarks, .. StudyWarnings.Of(comparisons, served, bases, spreads.Count > 0), .. StudyWarnings.Of(audit, human)])
        {
            Replicates = spreads,
            Ratings = ratings,
            Paired = PairedContrast.Of([.. comparisons.Zip(read, (c, r) => (c, r.Evidence))], options, cancellationToken),
            FlowTable = await FlowTable.BuildAsync(flow, options.ProcessedPaths, comparisons, cancellationToken),
            Deviations = [.. planning?.Deviations() ?? [], .. StudyDeviations.Of(comparisons, ratings, options.BootstrapReplicates)],
            Seed = options.Seed,
            BootstrapReplicates = options.BootstrapReplicates,
            EquivalenceMargin = options.EquivalenceMargin,
            Run = options.Run,
            IsOfStudy = options.AuditPath is not null,
            Audit = audit,
            Human = human,
            Bases = bases,
            Leakage = leakage,
            WithOverlap = [.. read.Where(r => r.All is not null).Select(r => (r.Model1, r.Model2, r.All!.Estimate(planned)))],
        };

        var json = analysis.ToJson();
        await AtomicFile.WriteBytesAsync(options.AnalysisPath, JsonText.Indented(json), cancellationToken);
        await AtomicFile.WriteTextAsync(options.ReportPath, MarkdownReport.Render(analysis), cancellationToken);
        await WritePairsAsync(options, json, cancellationToken);
        var answers = comparisons.Select(MarkdownReport.Answer).ToList();
        foreach (var comparison in comparisons)
        {
            logger.LogInformation("{Answer}", MarkdownReport.PlainAnswer(comparison));
        }

        return new AnalyzeSummary(analysis, answers);
    }

    // What holds the pairs' texts beside the figures.
    private static async Task WritePairsAsync(AnalyzeOptions options, JsonObject analysis, CancellationToken cancellationToken)
    {
        var page = new HtmlReportOptions
        {
            Analysis = analysis,
            EvaluationPaths = options.EvaluationPaths,
            JobPaths = options.JobPaths,
            ManifestFolders = options.ManifestFolders,
            ReportPath = options.HtmlReportPath ?? string.Empty,
        };
        if (options.HtmlReportPath is not null)
        {
            await HtmlReport.WriteAsync(page, cancellationToken);
        }

        if (options.ComparisonsPath is { } comparisons)
        {
            await ComparisonsCsv.WriteAsync(page, comparisons, cancellationToken);
        }
    }

    private static async Task<LeakageReport?> LeakageAsync(AnalyzeOptions options, CancellationToken cancellationToken)
    {
        var leakage = options.LeakagePath is null ? null : await LeakageReport.LoadAsync(options.LeakagePath, cancellationToken);
        return leakage is not { IsExcessive: true } || options.AllowOverlap
            ? leakage
            : throw new StageFailedException(FormattableString.Invariant(
                $"{leakage.Overlapping.Count} of {leakage.TestContexts} test contexts ({leakage.Share * 100:0.0} %) were seen in training, more than the {LeakageReport.MaxShare * 100:0} % with which a study may conclude; {options.LeakagePath} names them. Take them out of the training data, or give --allow-overlap, which marks the report."));
    }

    private async Task<List<(string Model1, string Model2, JsonObject Metadata, ComparisonEvidence Evidence, ComparisonEvidence? All, long Dropped)>> ReadAsync(
        IReadOnlyList<string> paths, HashSet<string> bases, IReadOnlySet<string>? dropped, CancellationToken cancellationToken)
    {
        // The same conversations come in every file: each id is held once.
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        string Shared(string text) => texts.TryGetValue(text, out var known) ? known : texts[text] = text;

        var read = new List<(string, string, JsonObject, ComparisonEvidence, ComparisonEvidence?, long)>(paths.Count);
        using var scope = progress.Begin("pairs", null);
        long pairs = 0;
        foreach (var path in paths)
        {
            read.Add(await ReadAsync(path, bases, dropped, Shared, () => scope.Report(++pairs), cancellationToken));
        }

        return read;
    }

    // The figures with the dropped items left in are gathered beside, where there are such items.
    private static async Task<(string, string, JsonObject, ComparisonEvidence, ComparisonEvidence? All, long Dropped)> ReadAsync(
        string path, HashSet<string> bases, IReadOnlySet<string>? dropped, Func<string, string> shared, Action counted, CancellationToken cancellationToken)
    {
        var reader = new EvaluationFileReader(path);
        var evidence = new ComparisonEvidence();
        var all = dropped is { Count: > 0 } ? new ComparisonEvidence() : null;
        long without = 0;
        bool? isTurned = null, isOriginal = null;
        await foreach (var (own, original) in reader.ReadAnyAsync(cancellationToken))
        {
            isOriginal ??= original is not null;
            isTurned ??= bases.Contains(Names(isOriginal.Value).Model1);
            if (isOriginal != original is not null)
            {
                throw new MisuseException($"{path}: it mixes rows judged in both orders with rows of the original scripts; give two files.");
            }

            if (own is not null)
            {
                var row = isTurned.Value ? own.Exchanged() : own;
                all?.Add(row, shared);
                if (dropped?.Contains(row.ItemId) == true)
                {
                    without++;
                }
                else
                {
                    evidence.Add(row, shared);
                }
            }
            else
            {
                evidence.Add(isTurned.Value ? original!.Exchanged() : original!, shared);
            }

            counted();
        }

        var (model1, model2) = Names(isOriginal ?? false);
        return isTurned ?? bases.Contains(model1)
            ? (model2, model1, reader.Metadata ?? [], evidence, all, without)
            : (model1, model2, reader.Metadata ?? [], evidence, all, without);

        (string Model1, string Model2) Names(bool isOriginal) => OriginalRow.Names(reader.Metadata, path, isOriginal)
            ?? throw new MisuseException($"{path}: the metadata that names both models must stand before the rows; run Evaluate for this comparison again.");
    }

    private static long? Planned(JsonObject metadata) =>
        metadata["planned_pairs"] is JsonValue value && value.TryGetValue<long>(out var planned) ? planned : null;
}
