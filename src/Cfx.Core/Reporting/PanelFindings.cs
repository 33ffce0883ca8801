using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>A comparison of several judges: each alone, and how they agree. The comparison itself is their majority.</summary>
/// <param name="Judges">In the file's order; two or more.</param>
/// <param name="Agreement">Over the same pairs.</param>
public sealed record PanelFindings(IReadOnlyList<JudgeFigures> Judges, PanelAgreementResult Agreement)
{
    /// <summary>Two judges whose intervals lie on opposite sides of one half; null where there are none.</summary>
    public (JudgeFigures For, JudgeFigures Against)? Contradiction =>
        Judges.FirstOrDefault(j => j.Side > 0) is { } one && Judges.FirstOrDefault(j => j.Side < 0) is { } other ? (one, other) : null;

    public JsonObject ToJson()
    {
        var agreement = Agreement.ToJson();
        agreement.Insert(2, "unanimous_share", JsonFigures.Of(Agreement.UnanimousShare));
        agreement.Insert(3, "unanimous_ci95", Agreement.JudgedByAll == 0 ? null : JsonFigures.Of(Agreement.UnanimousInterval));
        return new JsonObject { ["each"] = new JsonArray([.. Judges.Select(j => (JsonNode)j.ToJson())]), ["agreement"] = agreement };
    }
}
