using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>The pairs of one evaluation file as the report names them.</summary>
internal sealed class PairSource(string path, IReadOnlyList<ComparisonView> comparisons)
{
    /// <summary>The arm that the comparison is about; known after the first row.</summary>
    public string Model1 { get; private set; } = "model1";

    /// <summary>The arm it is compared with.</summary>
    public string Model2 { get; private set; } = "model2";

    /// <summary>The rows in file order, one at a time.</summary>
    /// <exception cref="MisuseException">The file is missing or broken; names it.</exception>
    public async IAsyncEnumerable<JudgedRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new EvaluationFileReader(path);
        bool? isTurned = null;
        await foreach (var row in reader.ReadWholeAsync(cancellationToken))
        {
            var isOriginal = OriginalPair.IsOne(row);
            isTurned ??= Orient(reader.Metadata, isOriginal);
            var read = JudgedRow.Read(isOriginal ? OriginalPair.AsOurs(row, reader.Metadata) : row, isTurned.Value);
            var (first, second) = isTurned.Value ? (Model2, Model1) : (Model1, Model2);
            yield return read.Reason is { } reason ? read with { Reason = IncompleteReasons.Named(reason, first, second) } : read;
        }

        if (isTurned is null)
        {
            Orient(reader.Metadata, isOriginal: false);
        }
    }

    // The analysis may have turned the comparison; the reader of the report must see it as there.
    private bool Orient(JsonObject? metadata, bool isOriginal)
    {
        var (first, second) = OriginalRow.Names(metadata, path, isOriginal) ?? (Model1, Model2);
        var isTurned = comparisons.Any(c => c.Model1 == second && c.Model2 == first) && !comparisons.Any(c => c.Model1 == first && c.Model2 == second);
        (Model1, Model2) = isTurned ? (second, first) : (first, second);
        return isTurned;
    }
}
