using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Tests.Reporting;

/// <summary>An evaluation file row by row.</summary>
internal sealed class EvaluationFixture(string model1, string model2)
{
    private readonly JsonArray _rows = [];

    public JsonObject Metadata { get; } = new()
    {
        ["provider"] = "together",
        ["model1"] = new JsonObject { ["name"] = model1, ["model"] = "x" },
        ["model2"] = new JsonObject { ["name"] = model2, ["model"] = "y" },
        ["judge"] = new JsonObject { ["model"] = "j", ["temperature"] = 0 },
        ["split_hash"] = "abc",
    };

    /// <summary>Rows with these verdicts by slot, such as ("A", "TIE"); all of one conversation where it is named, else of one each.</summary>
    public EvaluationFixture Add(int count, string normal, string reversed, string category = "UR2", string answer1 = "a😀b", string answer2 = "abcde", int exchanges = 1, string? conversation = null)
    {
        var outcome = PairOutcome.Combine(Verdict(normal), Verdict(reversed));
        for (var i = 0; i < count; i++)
        {
            var row = Row(category, answer1, answer2, exchanges);
            row["conversation_id"] = conversation ?? (string)row["conversation_id"]!;
            row["judgments"] = new JsonArray(Judgment("normal", normal), Judgment("reversed", reversed));
            row["outcome"] = outcome.Outcome.ToString().ToLowerInvariant();
            if (outcome.TieKind is { } kind)
            {
                row["tie_kind"] = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()).Replace("model_", "model", StringComparison.Ordinal);
            }

            _rows.Add(row);
        }

        return this;
    }

    public EvaluationFixture AddIncomplete(int count, string cause, string? conversation = null)
    {
        for (var i = 0; i < count; i++)
        {
            var row = Row("UR2", "a", "b", 1);
            row["conversation_id"] = conversation ?? (string)row["conversation_id"]!;
            row["outcome"] = "incomplete";
            row["incomplete_cause"] = cause;
            _rows.Add(row);
        }

        return this;
    }

    public string Write(TemporaryFolder folder) =>
        folder.Write($"{model1}_vs_{model2}.json", new JsonObject { ["metadata"] = Metadata, ["evaluations"] = _rows }.ToJsonString());

    private static JsonObject Judgment(string order, string verdict) => new() { ["order"] = order, ["verdict"] = verdict, ["status"] = "judged" };

    private static Verdict Verdict(string word) => word switch
    {
        "A" => Cfx.Core.Evaluation.Verdict.A,
        "B" => Cfx.Core.Evaluation.Verdict.B,
        _ => Cfx.Core.Evaluation.Verdict.Tie,
    };

    private JsonObject Row(string category, string answer1, string answer2, int exchanges)
    {
        var context = new JsonArray();
        for (var i = 0; i < exchanges; i++)
        {
            context.Add(new JsonObject { ["role"] = "assistant", ["content"] = "…" });
            context.Add(new JsonObject { ["role"] = "user", ["content"] = new string('q', 10 + _rows.Count) });
        }

        return new JsonObject
        {
            ["item_id"] = $"i{_rows.Count}",
            ["conversation_id"] = $"c{_rows.Count}",
            ["category"] = category,
            ["context"] = context,
            ["model1_response"] = answer1,
            ["model2_response"] = answer2,
        };
    }
}
