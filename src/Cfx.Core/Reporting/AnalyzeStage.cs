using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Reporting;

/// <summary>Turns the study's evaluation files into its answer. Asks no model.</summary>
/// <param name="progress">Told how many pairs were read.</param>
/// <param name="logger">Told the answers.</param>
public sealed class AnalyzeStage(IProgressSink progress, ILogger logger)
{
    private const string Sandbox = "sandbox";

    /// <summary>Writes analysis.json and report.md.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops; files not yet whole do not appear.</param>
    /// <exception cref="MisuseException">An evaluation file is missing or broken.</exception>
    public async Task<AnalyzeSummary> RunAsync(AnalyzeOptions options, CancellationToken cancellationToken)
    {
        var planned = options.EvaluationPaths.Count;
        if (planned == 0)
        {
            throw new MisuseException("There is no comparison to analyse; name at least two arms in study.json.");
        }

        HashSet<string> bases = new([options.BaseArm, .. options.OtherBaseArms], StringComparer.Ordinal);
        var read = new List<(string Model1, string Model2, JsonObject Metadata, ComparisonStatistics Statistics)>(planned);
        using (var scope = progress.Begin("pairs", null))
        {
            long pairs = 0;
            foreach (var path in options.EvaluationPaths)
            {
                read.Add(await ReadAsync(path, planned, bases, () => scope.Report(++pairs), cancellationToken));
            }
        }

        // A comparison without data was planned too: it enters with p = 1.
        var adjusted = Holm.Adjust([.. read.Select(c => c.Statistics.N == 0 ? 1 : c.Statistics.PrimaryP)]);
        var comparisons = read.Select((c, i) => new ComparisonResult(c.Model1, c.Model2, c.Metadata, c.Statistics, adjusted[i])).ToList();
        var providers = comparisons.Select(c => Text(c.Metadata, "provider") ?? "unknown").Distinct(StringComparer.Ordinal).ToList();
        var spreads = ReplicateSpread.Of(comparisons, options.ReplicateGroups);
        var analysis = new StudyAnalysis(
            options.StudyName,
            providers.Contains(Sandbox, StringComparer.Ordinal),
            providers,
            comparisons,
            await FlowCounts.LoadAsync(options.FlowPaths, cancellationToken),
            [.. options.Remarks, .. Warnings(comparisons, providers, bases, spreads.Count > 0)])
        {
            Replicates = spreads,
        };

        await AtomicFile.WriteBytesAsync(options.AnalysisPath, JsonText.Indented(analysis.ToJson()), cancellationToken);
        await AtomicFile.WriteTextAsync(options.ReportPath, MarkdownReport.Render(analysis), cancellationToken);
        var answers = comparisons.Select(MarkdownReport.Answer).ToList();
        foreach (var answer in answers)
        {
            // Bold is for the report.
            logger.LogInformation("{Answer}", answer.Replace("**", string.Empty, StringComparison.Ordinal));
        }

        return new AnalyzeSummary(analysis, answers);
    }

    private static async Task<(string, string, JsonObject, ComparisonStatistics)> ReadAsync(
        string path, int planned, HashSet<string> bases, Action counted, CancellationToken cancellationToken)
    {
        var reader = new EvaluationFileReader(path);
        var tally = new ComparisonTally();
        bool? isTurned = null;
        await foreach (var row in reader.ReadAsync(cancellationToken))
        {
            isTurned ??= IsTurned(reader.Metadata, path, bases);
            tally.Add(
                row.ConversationId,
                isTurned.Value ? row.Outcome.Reversed() : row.Outcome,
                isTurned.Value ? Reversed(row.Cause) : row.Cause);
            counted();
        }

        var (model1, model2) = Names(reader.Metadata, path);
        return isTurned ?? IsTurned(reader.Metadata, path, bases)
            ? (model2, model1, reader.Metadata!, tally.Estimate(planned))
            : (model1, model2, reader.Metadata!, tally.Estimate(planned));
    }

    private static bool IsTurned(JsonObject? metadata, string path, HashSet<string> bases) => bases.Contains(Names(metadata, path).Model1);

    private static (string Model1, string Model2) Names(JsonObject? metadata, string path) =>
        Text(metadata?["model1"], "name") is { } model1 && Text(metadata?["model2"], "name") is { } model2
            ? (model1, model2)
            : throw new MisuseException($"{path}: the metadata that names both models must stand before the rows; run Evaluate for this comparison again.");

    private static IncompleteCause? Reversed(IncompleteCause? cause) => cause switch
    {
        IncompleteCause.AnswerModel1 => IncompleteCause.AnswerModel2,
        IncompleteCause.AnswerModel2 => IncompleteCause.AnswerModel1,
        _ => cause,
    };

    private static List<string> Warnings(
        IReadOnlyList<ComparisonResult> comparisons, List<string> providers, HashSet<string> bases, bool hasReplicates)
    {
        var warnings = new List<string>();
        if (providers.Count > 1)
        {
            warnings.Add($"The comparisons were made with different providers ({string.Join(", ", providers)}) and do not belong together.");
        }

        foreach (var (field, what) in (IEnumerable<(string, string)>)[("judge", "judges"), ("prompts", "judge prompts"), ("split_hash", "splits")])
        {
            if (comparisons.Select(c => c.Metadata[field]?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                warnings.Add($"The comparisons were made with different {what}; do not read them against each other.");
            }
        }

        if (hasReplicates)
        {
            warnings.Add("Each comparison is of single training runs; how much they vary with the seed stands under \"From one training to the next\".");
        }
        else if (comparisons.Any(c => !bases.Contains(c.Model1) || !bases.Contains(c.Model2)))
        {
            warnings.Add("Each trained arm is one training run: how much the result would vary with another run of the same training is not in these numbers.");
        }

        warnings.Add("\"No significant difference\" does not say that two arms are equal.");
        return warnings;
    }

    private static string? Text(JsonNode? node, string name) => node is JsonObject found ? RecordFields.Text(found, name) : null;
}
