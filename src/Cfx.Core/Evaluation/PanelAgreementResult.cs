using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>How far several judges agree on the same pairs, both orders combined.</summary>
/// <param name="JudgedByAll">Pairs on which every judge has a verdict in both orders.</param>
/// <param name="Unanimous">How many of these all judges see the same way.</param>
/// <param name="UnanimousInterval">Wilson's, for that share, at the effective number where conversations gave several pairs; 0 to 1 without such a pair.</param>
/// <param name="Fleiss">Kappa of all judges; null for two.</param>
/// <param name="Pairs">Each two judges.</param>
public sealed record PanelAgreementResult(
    long JudgedByAll, long Unanimous, Interval UnanimousInterval, KappaResult? Fleiss, IReadOnlyList<JudgePairAgreement> Pairs)
{
    /// <summary>Unanimous pairs over those judged by all; null without any.</summary>
    public double? UnanimousShare => JudgedByAll == 0 ? null : (double)Unanimous / JudgedByAll;

    /// <summary>As evaluation files have it.</summary>
    public JsonObject ToJson()
    {
        var pairs = new JsonArray();
        foreach (var pair in Pairs)
        {
            var json = AgreementJson.Of(pair.Agreement);
            json.Insert(0, "judge1", pair.Judge1);
            json.Insert(1, "judge2", pair.Judge2);
            pairs.Add((JsonNode)json);
        }

        return new JsonObject
        {
            ["judged_by_all"] = JudgedByAll,
            ["unanimous"] = Unanimous,
            ["fleiss"] = Fleiss is null ? null : AgreementJson.Of(Fleiss),
            ["pairs"] = pairs,
        };
    }
}
