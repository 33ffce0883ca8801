using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Auditing;

/// <summary>What a person said of a pair, and what the judge had said.</summary>
/// <param name="Model1">The arm that a win is of.</param>
/// <param name="Model2">The other.</param>
/// <param name="ConversationId">Where the context is from.</param>
/// <param name="Human">The person's verdict: win, tie or loss.</param>
/// <param name="Judge">The judge's in both orders; null where it had none.</param>
internal sealed record HumanVerdict(string Model1, string Model2, string ConversationId, OutcomeKind Human, OutcomeKind? Judge)
{
    /// <summary>The same seen from the other arm.</summary>
    internal HumanVerdict Exchanged() => new(Model2, Model1, ConversationId, Exchanged(Human), Judge is { } judge ? Exchanged(judge) : null);

    /// <summary>As blind.json has it.</summary>
    internal JsonObject ToJson(string id) => new()
    {
        ["id"] = id,
        ["model1"] = Model1,
        ["model2"] = Model2,
        ["conversation_id"] = ConversationId,
        ["human"] = EvaluationWords.Winner(Human),
        ["judge"] = Judge is { } judge ? EvaluationWords.Winner(judge) : null,
    };

    /// <summary>Reads it back.</summary>
    /// <returns>Null where a field is missing or none of its words.</returns>
    internal static HumanVerdict? Read(JsonObject json) =>
        RecordFields.Text(json, "model1") is { } model1 && RecordFields.Text(json, "model2") is { } model2
        && RecordFields.Text(json, "conversation_id") is { } conversation && Outcome(RecordFields.Text(json, "human")) is { } human
            ? new HumanVerdict(model1, model2, conversation, human, Outcome(RecordFields.Text(json, "judge")))
            : null;

    /// <summary>An outcome by its winner's word; null for any other.</summary>
    internal static OutcomeKind? Outcome(string? winner) => winner switch
    {
        "model1" => OutcomeKind.Win,
        "model2" => OutcomeKind.Loss,
        "tie" => OutcomeKind.Tie,
        _ => null,
    };

    private static OutcomeKind Exchanged(OutcomeKind outcome) => outcome switch
    {
        OutcomeKind.Win => OutcomeKind.Loss,
        OutcomeKind.Loss => OutcomeKind.Win,
        _ => outcome,
    };
}
