using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>One judged pair with all its texts, turned so that the comparison's first-named arm comes first.</summary>
internal sealed record JudgedRow
{
    public required string ItemId { get; init; }

    public required string ConversationId { get; init; }

    public required string Category { get; init; }

    /// <summary>"win", "tie", "loss" or "incomplete" for the first-named arm.</summary>
    public required string Outcome { get; init; }

    /// <summary>How a tie came about, or why a pair is incomplete; empty for none.</summary>
    public required string Kind { get; init; }

    public required IReadOnlyList<(string Role, string Content)> Context { get; init; }

    public required string? Answer1 { get; init; }

    public required string? Answer2 { get; init; }

    /// <summary>Each with the answer that stood in slot A, 1 or 2 as seen from here.</summary>
    public required IReadOnlyList<JudgmentText> Judgments { get; init; }

    /// <summary>Why the pair is incomplete; null for a complete one.</summary>
    public string? Reason { get; init; }

    /// <summary>Reads a row of an evaluation file; what is not there is empty.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isTurned">Whether the file names the two arms the other way round.</param>
    public static JudgedRow Read(JsonObject row, bool isTurned)
    {
        var outcome = Figures.Text(row, "outcome") ?? "incomplete";
        var kind = Figures.Text(row, "tie_kind") ?? Figures.Text(row, "incomplete_cause") ?? string.Empty;
        string? first = Figures.Text(row, "model1_response"), second = Figures.Text(row, "model2_response");
        return new JudgedRow
        {
            ItemId = Figures.Text(row, "item_id") ?? Figures.Text(row, "conversation_id") ?? string.Empty,
            ConversationId = Figures.Text(row, "conversation_id") ?? string.Empty,
            Category = Figures.Text(row, "category") ?? string.Empty,
            Outcome = !isTurned ? outcome : outcome switch { "win" => "loss", "loss" => "win", _ => outcome },
            Kind = isTurned ? Turned(kind) : kind,
            Context = [.. Figures.Items(row, "context").Select(m => (Figures.Text(m, "role") ?? string.Empty, Figures.Text(m, "content") ?? string.Empty))],
            Answer1 = isTurned ? second : first,
            Answer2 = isTurned ? first : second,
            Judgments = [.. Figures.Items(row, "judgments").OfType<JsonObject>().Select(j => JudgmentText.Read(j, isTurned))],
            Reason = Figures.Text(row, "reason"),
        };
    }

    private static string Turned(string kind) => kind switch
    {
        "soft_model1" => "soft_model2",
        "soft_model2" => "soft_model1",
        "answer_model1" => "answer_model2",
        "answer_model2" => "answer_model1",
        _ => kind,
    };
}
