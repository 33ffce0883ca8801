using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>A comparison's larger findings as JSON, turned so that they speak of model1.</summary>
internal static class DetailsJson
{
    public static JsonObject Of(LengthControlResult length) => new()
    {
        ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(length.Status.ToString()),
        ["supported"] = length.Unsupported is null,
        ["unsupported"] = length.Unsupported,
        ["n"] = length.N,
        ["raw_rate"] = JsonFigures.Of(length.RawRateOfModel1),
        ["rate"] = JsonFigures.Of(length.RateOfModel1),
        ["se"] = JsonFigures.Of(length.StandardError),
        ["ci95"] = JsonFigures.Of(length.IntervalOfModel1),
        ["length_coefficient"] = JsonFigures.Of(length.Phi),
        ["length_coefficient_se"] = JsonFigures.Of(length.PhiError),
        ["order_coefficient"] = JsonFigures.Of(length.Rho),
        ["mean_tanh"] = JsonFigures.Of(-length.MeanTanh),
        ["share_longer2"] = JsonFigures.Of(length.ShareLonger2),
        ["mean_length1"] = JsonFigures.Of(length.MeanLength1),
        ["mean_length2"] = JsonFigures.Of(length.MeanLength2),
        ["difference"] = JsonFigures.Of(-length.Difference.Mean),
        ["difference_ci95"] = length.Difference.Interval is { } d ? JsonFigures.Of(new Interval(-d.Upper, -d.Lower)) : null,
        ["median_difference"] = JsonFigures.Of(-length.MedianDifference),
    };

    public static JsonObject? Of(JudgeReliabilityResult? judge) => judge is null ? null : new JsonObject
    {
        ["orders"] = 2,
        ["n"] = judge.N,
        ["consistency"] = JsonFigures.Of(judge.Consistency),
        ["consistency_ci95"] = JsonFigures.Of(judge.ConsistencyInterval),
        ["flip_rate"] = JsonFigures.Of(judge.FlipRate),
        ["flip_ci95"] = JsonFigures.Of(judge.FlipInterval),
        ["soft_rate"] = JsonFigures.Of(judge.SoftRate),
        ["soft_ci95"] = JsonFigures.Of(judge.SoftInterval),
        ["first_slot_bias"] = JsonFigures.Of(judge.FirstSlotBias),
        ["first_slot_bias_se"] = JsonFigures.Of(judge.FirstSlotBiasError),
        ["first_slot_bias_ci95"] = JsonFigures.Of(judge.FirstSlotBiasInterval),
        ["first_slot_share"] = JsonFigures.Of(judge.FirstSlotShare),
        ["flip_direction_p"] = JsonFigures.Of(judge.FlipDirection.PValue),
        ["kappa"] = JsonFigures.Of(judge.OrderKappa.Kappa),
        ["kappa_se"] = JsonFigures.Of(judge.OrderKappa.StandardError),
        ["kappa_ci95"] = JsonFigures.Of(judge.OrderKappa.Interval),
        ["low"] = judge.IsLow,
    };

    public static JsonObject Of(OrderStratifiedResult one, (long Normal, long Reversed) orders) => new()
    {
        ["orders"] = 1,
        ["n"] = one.N,
        ["n_normal"] = orders.Normal,
        ["n_reversed"] = orders.Reversed,
        ["first_slot_bias"] = JsonFigures.Of(one.FirstSlotBias),
        ["first_slot_bias_se"] = JsonFigures.Of(one.FirstSlotBias is null ? null : one.StandardError),
        ["first_slot_bias_ci95"] = JsonFigures.Of(one.BiasInterval),
        ["first_slot_bias_p"] = JsonFigures.Of(one.BiasP),
        ["pooled_h"] = JsonFigures.Of(one.PooledH),
    };

    public static JsonArray Of(IReadOnlyList<SubgroupDimension> dimensions) => new(
    [
        .. dimensions.Select(d => new JsonObject
        {
            ["dimension"] = d.Dimension,
            ["exploratory"] = true,
            ["heterogeneity_q"] = JsonFigures.Of(d.HeterogeneityQ),
            ["heterogeneity_df"] = d.DegreesOfFreedom,
            ["heterogeneity_p"] = JsonFigures.Of(d.HeterogeneityP),
            ["heterogeneity_undefined"] = d.HeterogeneityUndefined,
            ["groups"] = new JsonArray(
            [
                .. d.Rows.Select(r => new JsonObject
                {
                    ["group"] = r.Group,
                    ["n"] = r.N,
                    ["wins"] = r.Wins,
                    ["ties"] = r.Ties,
                    ["losses"] = r.Losses,
                    ["h"] = JsonFigures.Of(r.Estimate.HalfCredit.H),
                    ["se"] = JsonFigures.Of(r.Estimate.HalfCredit.StandardError),
                    ["ci95"] = JsonFigures.Of(r.Estimate.HalfCredit.Interval),
                }),
            ]),
        }),
    ]);
}
