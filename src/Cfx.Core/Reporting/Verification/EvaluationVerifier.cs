using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Verification;

/// <summary>Derives an evaluation file's verdicts, outcomes, counts, figures and warnings anew from the judge's own words, and says where the file tells
/// otherwise. Of several judges' file it looks at every judge's own file, and derives votes and agreement from them.</summary>
/// <remarks>Tokens, times and models are what the replies said; no text tells them.</remarks>
public static class EvaluationVerifier
{
    /// <summary>Faults beyond so many rows are only counted: one cause tends to touch all.</summary>
    internal const int RowsShown = 5;

    /// <summary>One wrong count moves nearly every figure.</summary>
    private const int FiguresShown = 3;

    /// <summary>Reads the whole file row by row.</summary>
    /// <param name="path">An evaluation file.</param>
    /// <param name="name">Begins each finding; the file's path in words, with forward slashes.</param>
    /// <param name="generators">The models that wrote the training answers, where the file warns of their kinship with the judge; null when not known, and such
    /// warnings are then passed over.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>One line a fault; empty when everything follows from the judgments.</returns>
    /// <exception cref="MisuseException">The file is missing, broken or incomplete.</exception>
    public static async Task<IReadOnlyList<string>> VerifyAsync(
        string path, string name, IReadOnlyList<string>? generators, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var tally = new ComparisonTally();
        var counts = new RowCounts();
        var faulty = 0;
        var reader = new EvaluationFileReader(path);
        await foreach (var row in reader.ReadWholeAsync(cancellationToken))
        {
            var check = RowCheck.Of(row, OriginalRow.Name(reader.Metadata, "model1") ?? "model1", OriginalRow.Name(reader.Metadata, "model2") ?? "model2");
            tally.Add(RecordFields.Text(row, "conversation_id") ?? string.Empty, check.Outcome, check.Cause);
            counts.Add(row, check);
            if (check.Fault is not null && ++faulty <= RowsShown)
            {
                faults.Add($"{name}: item {RecordFields.Text(row, "item_id")}: {check.Fault}");
            }
        }

        if (faulty > RowsShown)
        {
            faults.Add($"{name}: {faulty - RowsShown} more items like these");
        }

        var statistics = tally.Estimate(plannedComparisons: 1);
        var judges = (reader.Metadata?["judges"] as JsonArray)?.OfType<JsonObject>().ToList();
        faults.AddRange(Figures(name, "statistics", reader.Statistics, statistics.ToJson()));
        faults.AddRange(Figures(name, "summary", reader.Summary, counts.Summary(statistics, judges?.Count)));
        faults.AddRange(Warnings(name, reader.Metadata ?? [], statistics, judges, counts, generators));
        if (judges is not null)
        {
            faults.AddRange(await PanelVerifier.VerifyAsync(path, name, judges, generators, cancellationToken));
        }

        return faults;
    }

    /// <summary>One line for each of the first figures that is told otherwise than it is derived.</summary>
    internal static IEnumerable<string> Figures(string name, string part, JsonObject? told, JsonObject derived)
    {
        var wrong = derived.Where(f => !JsonFiguresComparison.AreSame(told?[f.Key], f.Value)).ToList();
        var lines = wrong.Take(FiguresShown).Select(f => $"{name}: {part}.{f.Key} is {Shown(told?[f.Key])}, and its judgments give {Shown(f.Value)}");
        return wrong.Count > FiguresShown ? lines.Append($"{name}: {wrong.Count - FiguresShown} more figures of {part} like these") : lines;
    }

    private static IEnumerable<string> Warnings(
        string name, JsonObject metadata, ComparisonStatistics statistics, List<JsonObject>? judges, RowCounts counts, IReadOnlyList<string>? generators)
    {
        var names = judges is null
            ? [metadata["judge"] is JsonObject judge ? RecordFields.Text(judge, "model") ?? string.Empty : string.Empty]
            : judges.Select(j => RecordFields.Text(j, "model") ?? string.Empty).ToList();
        var expected = EvaluationWarnings.Of(metadata, generators ?? [], names, statistics, judges is null ? $", for example {counts.Examples}" : string.Empty);
        var told = (metadata[EvaluationWarnings.Name] as JsonArray ?? []).Select(w => w?.ToString() ?? string.Empty)
            .Where(w => generators is not null || !w.Contains(EvaluationWarnings.Generator, StringComparison.Ordinal)).ToList();
        foreach (var missing in expected.Except(told, StringComparer.Ordinal))
        {
            yield return $"{name}: the warning \"{missing}\" is missing";
        }

        foreach (var unfounded in told.Except(expected, StringComparer.Ordinal))
        {
            yield return $"{name}: the warning \"{unfounded}\" does not follow from its judgments";
        }
    }

    private static string Shown(JsonNode? value) => value?.ToJsonString() ?? "null";
}
