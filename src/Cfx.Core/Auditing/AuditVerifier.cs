using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Reporting.Verification;

namespace Cfx.Core.Auditing;

/// <summary>Derives an audit's verdicts and figures anew from the judge's own words in it, and says where the file tells otherwise.</summary>
public static class AuditVerifier
{
    /// <summary>Faults beyond so many pairs are only counted.</summary>
    private const int PairsShown = 5;

    /// <param name="path">audit.json.</param>
    /// <param name="name">Begins each finding.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>One line a fault; empty when everything follows from the judgments. An audit of an earlier layout, which lacks the judge's words, is one.</returns>
    public static async Task<IReadOnlyList<string>> VerifyAsync(string path, string name, CancellationToken cancellationToken)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            return [$"{name}: it is no JSON ({e.Message.Split('\n')[0]}); run Audit again"];
        }

        if (json["pairs"] is not JsonArray pairs || RecordFields.Text(json, "schema_version") is not { } version)
        {
            return [$"{name}: it is no audit; run Audit again"];
        }

        if (version == "1")
        {
            return [$"{name}: it was made before audits kept the judge's words, so it cannot be derived anew; run Audit again"];
        }

        return Verify(json, pairs, name);
    }

    private static List<string> Verify(JsonObject json, JsonArray pairs, string name)
    {
        var faults = new List<string>();
        var faulty = 0;
        var figures = new AuditFigures(Model(json, "judge"), Model(json, "generator"))
        {
            // How many were of no use is not told by those that were.
            UnusableAlternatives = json["unusable_alternatives"] is JsonValue value && value.TryGetValue<int>(out var unusable) ? unusable : 0,
        };
        foreach (var pair in pairs.OfType<JsonObject>())
        {
            if (Add(figures, pair) is { } fault && ++faulty <= PairsShown)
            {
                faults.Add($"{name}: item {RecordFields.Text(pair, RecordFields.ItemId)}: {fault}");
            }
        }

        if (faulty > PairsShown)
        {
            faults.Add($"{name}: {faulty - PairsShown} more items like these");
        }

        foreach (var (figure, derived) in figures.Figures())
        {
            if (!JsonFiguresComparison.AreSame(json[figure], derived))
            {
                faults.Add($"{name}: \"{figure}\" is not what its judgments give");
            }
        }

        return faults;
    }

    private static string? Add(AuditFigures figures, JsonObject pair)
    {
        string? fault = null;
        Judgment? Read(JsonObject? judgment, string order, string told)
        {
            if (judgment is null)
            {
                return null;
            }

            var (verdict, wrong) = JudgmentCheck.Derive(judgment, order);
            fault ??= wrong;
            if (RecordFields.Text(pair, told) != EvaluationWords.Of(verdict))
            {
                fault ??= $"\"{told}\" is {RecordFields.Text(pair, told) ?? "none"}, and the judge's text says {EvaluationWords.Of(verdict) ?? "none"}";
            }

            return new Judgment(order, verdict, string.Empty, string.Empty, 1, null);
        }

        JsonObject? In(string order) =>
            (pair["judgments"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(j => RecordFields.Text(j, "order") == order);

        var normal = Read(In(EvaluationWords.Normal), EvaluationWords.Normal, "normal");
        var reversed = Read(In(EvaluationWords.Reversed), EvaluationWords.Reversed, "reversed");
        var again = Read(pair["judgment_again"] as JsonObject, EvaluationWords.Normal, "again");
        if (normal is null || reversed is null)
        {
            fault ??= "it must have a judgment in each order";
        }

        var preferred = PairOutcome.Combine(normal?.Verdict, reversed?.Verdict).Outcome switch
        {
            OutcomeKind.Win => AuditStage.New,
            OutcomeKind.Loss => AuditStage.Original,
            OutcomeKind.Tie => "tie",
            _ => null,
        };
        if (RecordFields.Text(pair, "preferred") != preferred)
        {
            fault ??= $"\"preferred\" is {RecordFields.Text(pair, "preferred") ?? "none"}, and its judgments give {preferred ?? "none"}";
        }

        // An audit of before conversations were told took each pair for one of its own.
        var item = RecordFields.Text(pair, RecordFields.ItemId) ?? string.Empty;
        figures.Add(
            item, RecordFields.Text(pair, RecordFields.ConversationId) ?? item, RecordFields.Text(pair, RecordFields.Category),
            RecordFields.Text(pair, "feedback") == AuditStage.Positive, [.. new[] { normal, reversed }.OfType<Judgment>()], again);
        return fault;
    }

    private static string Model(JsonObject json, string name) => json[name] is JsonObject model ? RecordFields.Text(model, "model") ?? string.Empty : string.Empty;
}
