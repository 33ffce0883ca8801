using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>One comparison of the study, turned so that model1 is the arm that the question is about.</summary>
/// <param name="Model1">The arm whose wins are counted.</param>
/// <param name="Model2">The arm it is compared with.</param>
/// <param name="Metadata">The evaluation file's own, as written (there the two may stand the other way round).</param>
/// <param name="Statistics">Seen from <paramref name="Model1"/>.</param>
/// <param name="Details">Likewise.</param>
/// <param name="HolmP">The primary p-value adjusted for all planned comparisons; 1 where there is none.</param>
public sealed record ComparisonResult(
    string Model1, string Model2, JsonObject Metadata, ComparisonStatistics Statistics, ComparisonDetails Details, double HolmP)
{
    /// <summary>The level of the adjusted test.</summary>
    public const double Alpha = 0.05;

    /// <summary>The verdict on a comparison with fewer pairs than were planned.</summary>
    public const string Partial = "partial: no p-value";

    /// <summary>"better", "worse", "no significant difference", "no data" or <see cref="Partial"/>.</summary>
    public string Verdict => Statistics.HalfCredit.H is not { } h ? "no data"
        : Details.IsPartial ? Partial
        : !(HolmP < Alpha) || h == 0.5 ? "no significant difference"
        : h > 0.5 ? "better"
        : "worse";

    /// <summary>Whether a p-value may be shown.</summary>
    public bool HasP => !Details.IsPartial && Statistics is { HalfCredit.H: not null, PrimaryP: not null };

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["model1"] = Model1,
            ["model2"] = Model2,
            ["verdict"] = Verdict,
            ["holm_p"] = Details.IsPartial || Statistics.PrimaryP is null ? null : HolmP,
        };
        foreach (var (name, value) in Statistics.ToJson())
        {
            json[name] = value?.DeepClone();
        }

        Details.AddTo(json, HolmP);
        if (Details.IsPartial)
        {
            foreach (var name in (string[])["sign_p", "sign_log10_p", "primary_p"])
            {
                json[name] = null;
            }

            if (json["clusters"] is JsonObject clusters)
            {
                clusters["p"] = null;
                clusters["t"] = null;
            }
        }

        if (Details.SingleOrder is not null)
        {
            // One order cannot tell these, or only with the pull of the place in them.
            json["primary_log10_p"] = Details.IsPartial ? null : JsonFigures.Of(Statistics.PrimaryLog10P);
            foreach (var name in (string[])["sign_p", "sign_log10_p", "win_rate", "loss_rate", "decisive_rate", "wilson95"])
            {
                json[name] = null;
            }

            json["ties"] = new JsonObject { ["total"] = Statistics.Ties.Total };
            json["order_consistency"] = null;
            json["flip_rate"] = null;
        }

        json["warnings"] = JsonFigures.Texts(ComparisonWarnings.Of(this));
        json["evaluation"] = Metadata.DeepClone();
        return json;
    }
}
