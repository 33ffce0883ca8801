using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Auditing;

/// <summary>Reads people's verdicts back and compares them with the judge's.</summary>
public static class BlindVerdicts
{
    private const int FaultsShown = 10;

    private static readonly string[] Columns =
        [BlindSheet.IdColumn, BlindSheet.ConversationColumn, BlindSheet.AnswerAColumn, BlindSheet.AnswerBColumn, BlindSheet.VerdictColumn];

    /// <summary>The version of blind.json's layout; from 3 on it holds each verdict.</summary>
    private const int SchemaVersion = 3;

    /// <summary>Writes the agreement (JSON).</summary>
    /// <param name="sheetPath">The sheet with the verdicts A, B or TIE, in any case; a row without one was not judged.</param>
    /// <param name="keyPath">The key that was written with the sheet.</param>
    /// <param name="evaluationPaths">The study's comparisons as they are now: where they are no longer those of the key, the result says so.</param>
    /// <param name="outputPath">blind.json.</param>
    /// <param name="cancellationToken">Stops; nothing of the output then appears.</param>
    /// <exception cref="MisuseException">A file is missing, is no such sheet or key, has cells that are no verdicts, or rows whose texts are not those of
    /// the key; names each by line.</exception>
    public static async Task<BlindReading> ReadAsync(
        string sheetPath, string keyPath, IReadOnlyList<string> evaluationPaths, string outputPath, CancellationToken cancellationToken)
    {
        var (whole, key) = await KeyAsync(keyPath, cancellationToken);
        var verdicts = Verdicts(sheetPath, await TextAsync(sheetPath, cancellationToken), key);
        var read = new List<(string Id, HumanVerdict Verdict)>();
        int first = 0, decided = 0;
        foreach (var (id, verdict) in verdicts)
        {
            var pair = key[id];
            decided += verdict == Verdict.Tie ? 0 : 1;
            first += verdict == Verdict.A ? 1 : 0;
            read.Add((id, new HumanVerdict(
                RecordFields.Text(pair, "model1", keyPath),
                RecordFields.Text(pair, "model2", keyPath),

                // A key of before conversations were told: contexts at least are known.
                RecordFields.Text(pair, RecordFields.ConversationId) ?? RecordFields.Text(pair, RecordFields.ItemId, keyPath),
                Outcome(verdict, RecordFields.Text(pair, "a") == "model1"),
                HumanVerdict.Outcome(RecordFields.Text(pair, "judge")))));
        }

        var all = read.ConvertAll(r => r.Verdict);
        var agreement = HumanFigures.Agreement(all);
        var made = whole["evaluations"] as JsonObject;
        var now = new JsonObject(await BlindSheet.HashesAsync(evaluationPaths, keyPath, cancellationToken));
        var reading = new BlindReading(
            agreement, verdicts.Count,
            [.. (made ?? []).Where(e => !JsonNode.DeepEquals(e.Value, now[e.Key])).Select(e => e.Key)],
            key.Values.All(p => RecordFields.Text(p, "texts_sha256") is not null));
        var json = new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["pairs"] = key.Count,
            ["judged"] = verdicts.Count,
            ["not_judged"] = key.Count - verdicts.Count,
            ["judge_without_verdict"] = all.Count(v => v.Judge is null),
            ["note"] = verdicts.Count == 0 ? HumanFindings.NoLabels : null,
            ["evaluations"] = made?.DeepClone(),
            ["warnings"] = new JsonArray([.. reading.Warnings().Select(w => (JsonNode)w)]),
            ["agreement"] = verdicts.Count == 0 ? null : AgreementJson.Of(agreement),
            ["matrix"] = verdicts.Count == 0 ? null : HumanFigures.Matrix(all),
            ["first_slot"] = verdicts.Count == 0 ? null : new JsonObject { ["decided"] = decided, ["first"] = first, ["p"] = SignTest.TwoSided(first, decided - first).PValue },
            ["comparisons"] = HumanFigures.Comparisons(all),
            ["verdicts"] = new JsonArray([.. read.Select(r => (JsonNode)r.Verdict.ToJson(r.Id))]),
        };
        await AtomicFile.WriteBytesAsync(outputPath, JsonText.Indented(json), cancellationToken);
        return reading;
    }

    private static async Task<(JsonObject Whole, Dictionary<string, JsonObject> Pairs)> KeyAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var whole = JsonNode.Parse(await TextAsync(path, cancellationToken))!.AsObject();
            return (whole, whole["pairs"]!.AsArray()
                .ToDictionary(p => RecordFields.Text(p!.AsObject(), "id", path), p => p!.AsObject(), StringComparer.OrdinalIgnoreCase));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new MisuseException($"{path}: not the key of a blind sheet; it is written together with the sheet by the target Blind.", e);
        }
    }

    private static async Task<string> TextAsync(string path, CancellationToken cancellationToken) => File.Exists(path)
        ? await File.ReadAllTextAsync(path, cancellationToken)
        : throw new MisuseException($"{path}: no such file; the target Blind writes the sheet and its key.");

    private static Dictionary<string, Verdict> Verdicts(string path, string text, Dictionary<string, JsonObject> key)
    {
        var verdicts = new Dictionary<string, Verdict>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        try
        {
            var rows = CsvText.Read(text).ToList();
            var header = rows.Count == 0 ? [] : rows[0].Select(c => c.Text.Trim().ToLowerInvariant()).ToList();
            int[] at = [.. Columns.Select(c => header.IndexOf(c))];
            if (at.Min() < 0)
            {
                throw new MisuseException($"{path}: its first line must name the columns {string.Join(", ", Columns)}, as Blind wrote it.");
            }

            foreach (var row in rows.Skip(1))
            {
                if (Fault(row, at, key, verdicts) is { } fault)
                {
                    faults.Add(fault);
                }
            }
        }
        catch (FormatException e)
        {
            faults.Add(e.Message);
        }

        return faults.Count == 0 ? verdicts : throw new MisuseException(
            $"{path}: {string.Join("; ", faults.Take(FaultsShown))}{(faults.Count > FaultsShown ? $"; and {faults.Count - FaultsShown} more" : "")}. Mend the cells, or take the sheet and the key that were written together, and read the file again.");
    }

    private static string? Fault(
        IReadOnlyList<(string Text, int Line)> row, int[] columns, Dictionary<string, JsonObject> key, Dictionary<string, Verdict> verdicts)
    {
        var line = row[0].Line;
        if (row.Count <= columns.Max())
        {
            return $"line {line}: too few cells";
        }

        var (id, (word, at)) = (row[columns[0]].Text.Trim(), row[columns[^1]]);
        if (!key.TryGetValue(id, out var pair))
        {
            return $"line {line}: the id '{id}' is not in the key";
        }

        // A key that was made anew has the same ids for other pairs and other slots.
        if (RecordFields.Text(pair, "texts_sha256") is { } texts
            && !new BlindTexts(texts, RecordFields.Text(pair, "letters_sha256")).AreIn(BlindTexts.Of(row[columns[1]].Text, row[columns[2]].Text, row[columns[3]].Text)))
        {
            return $"line {line}: the texts of {id} are not those of the key: the key belongs to another sheet, or a text was edited";
        }

        Verdict? verdict = word.Trim().ToUpperInvariant() switch { "A" => Verdict.A, "B" => Verdict.B, "TIE" => Verdict.Tie, _ => null };
        if (verdict is null)
        {
            return string.IsNullOrWhiteSpace(word) ? null : $"line {at}: '{(word.Length > 40 ? word[..40] + "…" : word)}' is none of A, B and TIE";
        }

        return verdicts.TryAdd(id, verdict.Value) ? null : $"line {line}: the id '{id}' stands there a second time";
    }

    private static OutcomeKind Outcome(Verdict verdict, bool isModel1First) => verdict == Verdict.Tie ? OutcomeKind.Tie
        : verdict == Verdict.A == isModel1First ? OutcomeKind.Win : OutcomeKind.Loss;
}
