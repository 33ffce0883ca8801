using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Tests.Statistics;

/// <summary>Computes what the reference numbers of ratings and of length control are held against.</summary>
internal static class RatingGoldens
{
    public static JsonObject Fit(JsonObject i)
    {
        var names = i["models"]!.AsArray().Select(m => (string)m!).ToList();
        var pairs = i["pairs"]!.AsArray()
            .Select(p => new PairCounts(
                names.IndexOf((string)p!["a"]!),
                names.IndexOf((string)p["b"]!),
                (double)p["wins_a"]!,
                (double)p["ties"]!,
                (double)p["wins_b"]!))
            .ToList();
        var fit = Davidson.Fit(names.Count, pairs, (double)i["prior"]!);
        if (fit.Status != DavidsonStatus.Fitted)
        {
            return new JsonObject { ["status"] = fit.Status == DavidsonStatus.NoFiniteMle ? "no_finite_mle" : "disconnected" };
        }

        return new JsonObject
        {
            ["theta"] = Named(names, a => fit.Theta[a]),
            ["theta_se"] = Named(names, a => fit.ThetaErrors[a]),
            ["nu"] = fit.Nu,
            ["elo"] = Named(names, fit.Elo),
            ["expected_score"] = new JsonObject([
                .. pairs.Select(p => KeyValuePair.Create<string, JsonNode?>(
                    $"{names[p.First]}|{names[p.Second]}", fit.ExpectedScore(p.First, p.Second)))]),
            ["log_likelihood"] = fit.LogLikelihood,
            ["G2"] = fit.G2,
            ["df"] = fit.DegreesOfFreedom,
            ["gof_p"] = fit.FitP,
        };
    }

    public static JsonObject Clustered(JsonObject i)
    {
        var names = i["models"]!.AsArray().Select(m => (string)m!).ToList();
        var records = new DavidsonRecords(names.Count);
        foreach (var record in i["records"]!.AsArray())
        {
            var score = (string)record![3]! switch { "a" => 1, "b" => 0, _ => 0.5 };
            records.Add((string)record[0]!, names.IndexOf((string)record[1]!), names.IndexOf((string)record[2]!), score);
        }

        var ratings = DavidsonRatings.Estimate(records, seed: 1, replicates: 200);
        var totals = records.Totals();
        return new JsonObject
        {
            ["theta"] = Named(names, a => ratings.Fit.Theta[a]),
            ["nu"] = ratings.Fit.Nu,
            ["theta_se_model"] = Named(names, a => ratings.Fit.ThetaErrors[a]),
            ["theta_se_cluster"] = Named(names, a => ratings.ClusterErrors[a]),
            ["counts"] = new JsonObject([
                .. totals.Select(t => t.First == 0 || names[t.First] == "alternative"
                    ? KeyValuePair.Create<string, JsonNode?>($"{names[t.Second]}|{names[t.First]}", AnalysisGoldenTests.List([t.Losses, t.Wins, t.Ties]))
                    : KeyValuePair.Create<string, JsonNode?>($"{names[t.First]}|{names[t.Second]}", AnalysisGoldenTests.List([t.Wins, t.Losses, t.Ties])))]),
        };
    }

    public static JsonObject Length(JsonObject i)
    {
        var first = AnalysisGoldenTests.Numbers(i["len1"]);
        var second = AnalysisGoldenTests.Numbers(i["len2"]);
        var scores = AnalysisGoldenTests.Numbers(i["score_model2"]);
        var order = i["order"]?.AsArray();
        var result = LengthControl.Fit(
            [.. scores.Select((s, k) => new LengthObservation(
                (long)first[k], (long)second[k], s, null, order is null ? null : (string?)order[k] == "reversed"))],
            0.95);
        return new JsonObject
        {
            ["status"] = result.Status switch
            {
                LengthControlStatus.NoLengthVariation => "no_length_variation",
                LengthControlStatus.Separation => "separation",
                _ => "ok",
            },
            ["n"] = result.N,
            ["raw_half_credit"] = result.RawRate,
            ["theta"] = result.Theta,
            ["phi"] = result.Phi,
            ["rho"] = result.Rho,
            ["theta_se"] = result.ThetaError,
            ["phi_se"] = result.PhiError,
            ["rho_se"] = result.RhoError,
            ["lc_win_rate"] = result.Rate,
            ["lc_se"] = result.StandardError,
            ["lower"] = result.Interval?.Lower,
            ["upper"] = result.Interval?.Upper,
            ["mean_tanh"] = result.MeanTanh,
            ["share_longer_model2"] = result.ShareLonger2,
        };
    }

    private static JsonObject Named(IEnumerable<string> names, Func<int, double> value) =>
        new([.. names.Select((name, index) => KeyValuePair.Create<string, JsonNode?>(name, value(index)))]);
}
