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
    private const double Confidence = ComparisonStatistics.Confidence;

    /// <summary>Writes the agreement (JSON).</summary>
    /// <param name="sheetPath">The sheet with the verdicts A, B or TIE, in any case; a row without one was not judged.</param>
    /// <param name="keyPath">The key that was written with the sheet.</param>
    /// <param name="outputPath">blind.json.</param>
    /// <param name="cancellationToken">Stops; nothing of the output then appears.</param>
    /// <returns>The agreement over all comparisons, and how many rows people judged.</returns>
    /// <exception cref="MisuseException">A file is missing, is no such sheet or key, or has cells that are no verdicts; names each by line.</exception>
    public static async Task<(VerdictAgreementResult Agreement, int Judged)> ReadAsync(
        string sheetPath, string keyPath, string outputPath, CancellationToken cancellationToken)
    {
        var key = await KeyAsync(keyPath, cancellationToken);
        var verdicts = Verdicts(sheetPath, await TextAsync(sheetPath, cancellationToken), key);
        var matrix = new long[3, 3];
        var comparisons = new OrderedDictionary<(string, string), Tally>();
        var judgeSilent = 0;
        int first = 0, decided = 0;
        foreach (var (id, verdict) in verdicts)
        {
            var pair = key[id];
            var human = Outcome(verdict, RecordFields.Text(pair, "a") == "model1");
            decided += verdict == Verdict.Tie ? 0 : 1;
            first += verdict == Verdict.A ? 1 : 0;
            var names = (RecordFields.Text(pair, "model1", keyPath), RecordFields.Text(pair, "model2", keyPath));
            var tally = comparisons.TryGetValue(names, out var known) ? known : comparisons[names] = new Tally();
            tally.Human[Column(human)]++;
            if (Judge(RecordFields.Text(pair, "judge")) is { } judge)
            {
                matrix[Column(human), Column(judge)]++;
                tally.Matrix[Column(human), Column(judge)]++;
            }
            else
            {
                judgeSilent++;
            }
        }

        var agreement = VerdictAgreement.From(matrix, Confidence);
        var json = new JsonObject
        {
            ["schema_version"] = BlindSheet.SchemaVersion,
            ["pairs"] = key.Count,
            ["judged"] = verdicts.Count,
            ["not_judged"] = key.Count - verdicts.Count,
            ["judge_without_verdict"] = judgeSilent,
            ["note"] = verdicts.Count == 0 ? "no human labels" : null,
            ["agreement"] = verdicts.Count == 0 ? null : AgreementJson.Of(agreement),
            ["matrix"] = Matrix(matrix),
            ["first_slot"] = new JsonObject { ["decided"] = decided, ["first"] = first, ["p"] = SignTest.TwoSided(first, decided - first).PValue },
            ["comparisons"] = new JsonArray([.. comparisons.Select(c => (JsonNode)c.Value.ToJson(c.Key.Item1, c.Key.Item2))]),
        };
        await AtomicFile.WriteBytesAsync(outputPath, JsonText.Indented(json), cancellationToken);
        return (agreement, verdicts.Count);
    }

    private static async Task<Dictionary<string, JsonObject>> KeyAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await TextAsync(path, cancellationToken))!["pairs"]!.AsArray()
                .ToDictionary(p => RecordFields.Text(p!.AsObject(), "id", path), p => p!.AsObject(), StringComparer.OrdinalIgnoreCase);
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
            var (idAt, verdictAt) = (header.IndexOf(BlindSheet.IdColumn), header.IndexOf(BlindSheet.VerdictColumn));
            if (idAt < 0 || verdictAt < 0)
            {
                throw new MisuseException($"{path}: its first line must name the columns, {BlindSheet.IdColumn} and {BlindSheet.VerdictColumn} among them, as Blind wrote it.");
            }

            foreach (var row in rows.Skip(1))
            {
                if (Fault(row, idAt, verdictAt, key, verdicts) is { } fault)
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
            $"{path}: {string.Join("; ", faults.Take(FaultsShown))}{(faults.Count > FaultsShown ? $"; and {faults.Count - FaultsShown} more" : "")}. Mend the cells and read the file again.");
    }

    private static string? Fault(
        IReadOnlyList<(string Text, int Line)> row, int idAt, int verdictAt, Dictionary<string, JsonObject> key, Dictionary<string, Verdict> verdicts)
    {
        var line = row[0].Line;
        if (row.Count <= Math.Max(idAt, verdictAt))
        {
            return $"line {line}: too few cells";
        }

        var (id, (word, at)) = (row[idAt].Text.Trim(), row[verdictAt]);
        if (!key.ContainsKey(id))
        {
            return $"line {line}: the id '{id}' is not in the key";
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

    private static OutcomeKind? Judge(string? winner) => winner switch
    {
        "model1" => OutcomeKind.Win,
        "model2" => OutcomeKind.Loss,
        "tie" => OutcomeKind.Tie,
        _ => null,
    };

    private static int Column(OutcomeKind outcome) => outcome switch { OutcomeKind.Win => 0, OutcomeKind.Tie => 1, _ => 2 };

    private static JsonObject Matrix(long[,] matrix) => new()
    {
        ["categories"] = new JsonArray("model1", "tie", "model2"),
        ["human_rows_judge_columns"] = new JsonArray([.. Enumerable.Range(0, 3).Select(i => (JsonNode)new JsonArray(matrix[i, 0], matrix[i, 1], matrix[i, 2]))]),
    };

    private sealed class Tally
    {
        internal long[] Human { get; } = new long[3];

        internal long[,] Matrix { get; } = new long[3, 3];

        internal JsonObject ToJson(string model1, string model2)
        {
            var rate = HalfCredit.FromCounts(Human[0], Human[1], Human[2], Confidence);
            return new JsonObject
            {
                ["model1"] = model1,
                ["model2"] = model2,
                ["n"] = rate.N,
                ["wins"] = Human[0],
                ["ties"] = Human[1],
                ["losses"] = Human[2],
                ["h"] = rate.H,
                ["ci95"] = AgreementJson.Of(rate.Interval),
                ["agreement"] = AgreementJson.Of(VerdictAgreement.From(Matrix, Confidence)),
            };
        }
    }
}
