using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Reporting;

namespace Cfx.Core.Auditing;

/// <summary>Writes a sample of judged pairs for people to judge: which arm gave which answer is in a file of its own.</summary>
public static class BlindSheet
{
    internal const int SchemaVersion = 2;
    internal const string IdColumn = "id";
    internal const string ConversationColumn = "conversation";
    internal const string AnswerAColumn = "answer_a";
    internal const string AnswerBColumn = "answer_b";
    internal const string VerdictColumn = "verdict";

    /// <summary>Writes the sheet (CSV) and its key (JSON).</summary>
    /// <param name="evaluationPaths">The study's comparisons.</param>
    /// <param name="size">How many pairs; all there are, when fewer.</param>
    /// <param name="seed">Draws the sample, its order, and what stands first.</param>
    /// <param name="sheetPath">For people.</param>
    /// <param name="keyPath">Not for people, until they are done.</param>
    /// <param name="cancellationToken">Stops; files that are not whole do not appear.</param>
    /// <returns>How many pairs were written.</returns>
    /// <exception cref="MisuseException">An evaluation file is missing or broken, there is no whole pair, or the sheet that is there holds verdicts.</exception>
    public static async Task<int> WriteAsync(
        IReadOnlyList<string> evaluationPaths, int size, long seed, string sheetPath, string keyPath, CancellationToken cancellationToken)
    {
        if (await VerdictsInAsync(sheetPath, cancellationToken) is > 0 and var verdicts)
        {
            throw new MisuseException($"{sheetPath} holds {verdicts} verdicts, which a new sheet would replace. Read them with --read, then move the file away.");
        }

        var sample = new SeededSample<BlindPair>(size, seed, "blind");
        foreach (var path in evaluationPaths)
        {
            var reader = new EvaluationFileReader(path);
            await foreach (var row in reader.ReadWholeAsync(cancellationToken))
            {
                if (row["judgments"] is JsonArray { Count: > 0 })
                {
                    var pair = BlindPair.Of(row, reader.Metadata, path);
                    sample.Add(pair, pair.Model1, pair.Model2, pair.ItemId);
                }
            }
        }

        var pairs = sample.Drawn();
        if (pairs.Count == 0)
        {
            throw new MisuseException("There is no pair with two whole answers to write out; run Evaluate first.");
        }

        // The order of drawing is random already; numbers follow it and tell nothing.
        var sheet = new StringBuilder(CsvText.ByteOrderMark)
            .Append(CsvText.Line(IdColumn, ConversationColumn, AnswerAColumn, AnswerBColumn, VerdictColumn));
        var key = new JsonArray();
        for (var i = 0; i < pairs.Count; i++)
        {
            var pair = pairs[i];
            var id = string.Create(CultureInfo.InvariantCulture, $"p{i + 1:0000}");
            var isModel1First = (StableSeed.Derive(seed, "blind order", pair.Model1, pair.Model2, pair.ItemId) & 1) == 0;
            var (a, b) = isModel1First ? (pair.Answer1, pair.Answer2) : (pair.Answer2, pair.Answer1);
            sheet.Append(CsvText.Line(id, pair.Conversation, a, b, string.Empty));
            var texts = BlindTexts.Of(pair.Conversation, a, b);
            key.Add((JsonNode)new JsonObject
            {
                ["id"] = id,
                ["model1"] = pair.Model1,
                ["model2"] = pair.Model2,
                ["item_id"] = pair.ItemId,
                ["conversation_id"] = pair.ConversationId,
                ["a"] = isModel1First ? "model1" : "model2",
                ["judge"] = pair.Judge,
                ["texts_sha256"] = texts.Texts,
                ["letters_sha256"] = texts.Letters,
            });
        }

        var json = new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["seed"] = seed,
            ["evaluations"] = new JsonObject(await HashesAsync(evaluationPaths, keyPath, cancellationToken)),
            ["pairs"] = key,
        };

        await AtomicFile.WriteBytesAsync(keyPath, JsonText.Indented(json), cancellationToken);
        await AtomicFile.WriteTextAsync(sheetPath, sheet.ToString(), cancellationToken);
        return pairs.Count;
    }

    /// <summary>The evaluation files by their paths seen from the key, with their SHA-256; null for one that is not there.</summary>
    internal static async Task<List<KeyValuePair<string, JsonNode?>>> HashesAsync(
        IReadOnlyList<string> evaluationPaths, string keyPath, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(keyPath))!;
        var hashes = new List<KeyValuePair<string, JsonNode?>>();
        foreach (var path in evaluationPaths)
        {
            var hash = await ContentHash.OfFileAsync(path, cancellationToken);
            hashes.Add(KeyValuePair.Create(Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace('\\', '/'), (JsonNode?)hash?.Sha256));
        }

        return hashes;
    }

    private static async Task<int> VerdictsInAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        try
        {
            var rows = CsvText.Read(await File.ReadAllTextAsync(path, cancellationToken)).ToList();
            var column = rows.Count == 0 ? -1 : rows[0].ToList().FindIndex(c => c.Text.Trim().Equals(VerdictColumn, StringComparison.OrdinalIgnoreCase));
            return column < 0 ? 0 : rows.Skip(1).Count(r => r.Count > column && !string.IsNullOrWhiteSpace(r[column].Text));
        }
        catch (FormatException)
        {
            // Someone has worked on it: it is not for a machine to say that nothing is in it.
            return 1;
        }
    }

    private sealed record BlindPair(string Model1, string Model2, string ItemId, string ConversationId, string Conversation, string Answer1, string Answer2, string? Judge)
    {
        internal static BlindPair Of(JsonObject row, JsonObject? metadata, string path) => new(
            Name(metadata, "model1", path),
            Name(metadata, "model2", path),
            RecordFields.Text(row, RecordFields.ItemId, path),
            RecordFields.Text(row, RecordFields.ConversationId, path),
            Transcript.Render(ContextJson.Read(row, "context", path)),
            RecordFields.Text(row, "model1_response", path),
            RecordFields.Text(row, "model2_response", path),
            RecordFields.Text(row, "winner"));

        private static string Name(JsonObject? metadata, string model, string path) =>
            metadata?[model] is JsonObject named ? RecordFields.Text(named, "name", path) : throw RecordFields.Lacks(path, model, "model");
    }
}
