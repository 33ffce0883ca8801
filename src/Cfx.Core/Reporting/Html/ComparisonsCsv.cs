using System.Text;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;

namespace Cfx.Core.Reporting.Html;

/// <summary>Every judged pair as a line of a table (RFC 4180, UTF-8 with a byte order mark, without which spreadsheets garble it).</summary>
/// <remarks>Texts are harmless in a spreadsheet (<see cref="CsvText"/>).</remarks>
public static class ComparisonsCsv
{
    private static readonly string[] Columns =
    [
        "comparison", "model1", "model2", "item_id", "conversation_id", "category", "outcome", "winner", "tie_kind", "incomplete_cause", "reason",
        "context", "model1_response", "model2_response",
        "verdict_model1_first", "judge_model1_first", "verdict_model2_first", "judge_model2_first",
    ];

    /// <summary>Writes comparisons.csv. Memory holds one pair.</summary>
    /// <param name="options">The same as the report's: arms stand in the same order in both.</param>
    /// <param name="path">Where the file goes.</param>
    /// <param name="cancellationToken">Stops; the file then does not appear.</param>
    /// <exception cref="MisuseException">An evaluation file is missing or broken; names it.</exception>
    public static async Task WriteAsync(HtmlReportOptions options, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<ComparisonView> comparisons =
            [.. Figures.Items(options.Analysis, "comparisons").OfType<System.Text.Json.Nodes.JsonObject>().Select(c => new ComparisonView(c))];
        await using var file = AtomicFile.Create(path);
        var line = new StringBuilder(CsvText.ByteOrderMark);
        Line(line, Columns);
        foreach (var source in options.EvaluationPaths.Select(p => new PairSource(p, comparisons)))
        {
            await foreach (var row in source.ReadAsync(cancellationToken))
            {
                Line(line, Cells(source, row));
                await file.Stream.WriteAsync(Encoding.UTF8.GetBytes(line.ToString()), cancellationToken);
                line.Clear();
            }
        }

        // Without a row the header is all there is.
        await file.Stream.WriteAsync(Encoding.UTF8.GetBytes(line.ToString()), cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    private static string?[] Cells(PairSource source, JudgedRow row)
    {
        var first = row.Judgments.FirstOrDefault(j => j.SlotA == 1);
        var second = row.Judgments.FirstOrDefault(j => j.SlotA == 2);
        return
        [
            $"{source.Model1} vs {source.Model2}", source.Model1, source.Model2, row.ItemId, row.ConversationId, row.Category, row.Outcome,
            row.Outcome switch { "win" => source.Model1, "loss" => source.Model2, "tie" => "tie", _ => string.Empty },
            row.Outcome == "tie" ? row.Kind : string.Empty, row.Outcome == "incomplete" ? row.Kind : string.Empty, row.Reason,
            string.Join("\n\n", row.Context.Select(m => $"{m.Role}: {m.Content}")), row.Answer1, row.Answer2,
            first?.Verdict, first?.Text, second?.Verdict, second?.Text,
        ];
    }

    private static void Line(StringBuilder line, IReadOnlyList<string?> cells) => line.Append(CsvText.Line(cells));
}
