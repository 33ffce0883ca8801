using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>One comparison of the study, turned so that model1 is the arm that the question is about.</summary>
/// <param name="Model1">The arm whose wins are counted.</param>
/// <param name="Model2">The arm it is compared with.</param>
/// <param name="Metadata">The evaluation file's own, as written (there the two may stand the other way round).</param>
/// <param name="Statistics">Seen from <paramref name="Model1"/>.</param>
/// <param name="HolmP">The primary p-value adjusted for all planned comparisons.</param>
public sealed record ComparisonResult(string Model1, string Model2, JsonObject Metadata, ComparisonStatistics Statistics, double HolmP)
{
    /// <summary>The level of the adjusted test.</summary>
    public const double Alpha = 0.05;

    /// <summary>"better", "worse", "no significant difference" or "no data".</summary>
    public string Verdict => Statistics.N == 0 ? "no data"
        : !(HolmP < Alpha) || Statistics.HalfCredit.H == 0.5 ? "no significant difference"
        : Statistics.HalfCredit.H > 0.5 ? "better"
        : "worse";

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["model1"] = Model1,
            ["model2"] = Model2,
            ["verdict"] = Verdict,
            ["holm_p"] = HolmP,
        };
        foreach (var (name, value) in Statistics.ToJson())
        {
            json[name] = value?.DeepClone();
        }

        json["warnings"] = new JsonArray([.. ComparisonWarnings.Of(this).Select(w => (JsonNode)w)]);
        json["evaluation"] = Metadata.DeepClone();
        return json;
    }
}
