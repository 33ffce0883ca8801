using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Reporting;

/// <summary>How many test contexts a study is planned with, and the sizes with which p-values were seen before. A p-value holds for a size that was
/// chosen before results were seen: this is where a change after them is remembered.</summary>
/// <param name="Contexts">Planned now, at least 0.</param>
/// <param name="Seen">The sizes of earlier analyses that had p-values, oldest first, each once in a row.</param>
public sealed record PlannedTest(long Contexts, IReadOnlyList<long> Seen)
{
    /// <summary>What holds with a new size.</summary>
    /// <param name="path">The history so far; need not be there.</param>
    /// <param name="analysisPath">The last analysis; need not be there. One without a p-value was no look.</param>
    /// <param name="contexts">The size now, at least 0.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MisuseException">The history is there and cannot be read.</exception>
    public static async Task<PlannedTest> AfterAsync(string path, string analysisPath, long contexts, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> seen = File.Exists(path) ? (await LoadAsync(path, cancellationToken)).Seen : [];
        return new PlannedTest(contexts, await SizeAsync(analysisPath, cancellationToken) is { } size && (seen.Count == 0 || seen[^1] != size) ? [.. seen, size] : seen);
    }

    /// <summary>Reads the history back.</summary>
    /// <exception cref="MisuseException">It is missing or not such a file.</exception>
    public static async Task<PlannedTest> LoadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new MisuseException($"{path}: no such file; run Analyze, which makes it.");
        }

        try
        {
            var json = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))!.AsObject();
            return new PlannedTest((long)json["contexts"]!, [.. json["seen"]!.AsArray().Select(s => (long)s!)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            throw new MisuseException($"{path}: not the history of the test's size. Deleting it forgets that results were seen with another size, so say so where you report them.", e);
        }
    }

    /// <summary>Writes the history.</summary>
    public Task WriteAsync(string path, CancellationToken cancellationToken) => AtomicFile.WriteBytesAsync(path, JsonText.Indented(new JsonObject
    {
        ["schema_version"] = 1,
        ["contexts"] = Contexts,
        ["seen"] = new JsonArray([.. Seen.Select(s => (JsonNode)s)]),
    }), cancellationToken);

    /// <summary>What a reader must know of it; none where no result was seen with another size.</summary>
    public IEnumerable<string> Deviations()
    {
        var others = Seen.Where(s => s != Contexts).ToList();
        if (others.Count > 0)
        {
            yield return FormattableString.Invariant(
                $"The size of the test was changed after results were seen: p-values were reported with {string.Join(", then ", others)} test contexts, and the test has {Contexts} now. A p-value holds for a size that was chosen beforehand, so those given here are too small by an unknown amount; ln E (the e-value) holds however often one looks.");
        }
    }

    // The size that the analysis was planned with: what dropped out of the comparisons was planned too.
    private static async Task<long?> SizeAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        JsonObject? analysis;
        try
        {
            analysis = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject;
        }
        catch (JsonException)
        {
            // Not an analysis: nobody saw a p-value in it.
            return null;
        }

        var dropped = Html.Figures.Items(analysis, "leakage", "left_out").Count;
        var sizes = Html.Figures.Items(analysis, "comparisons")
            .Where(c => Html.Figures.Number(c, "n") > 0 && Html.Figures.Number(c, "primary_p") is not null)
            .Select(c => Html.Figures.Number(c, "n_planned") ?? Html.Figures.Number(c, "n_attempted"))
            .OfType<double>().ToList();
        return sizes.Count == 0 ? null : (long)sizes.Max() + dropped;
    }
}
