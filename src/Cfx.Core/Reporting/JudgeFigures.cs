using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>What one of several judges alone would say of a comparison.</summary>
/// <param name="Judge">The judge's model.</param>
/// <param name="Statistics">As if it had been the only judge, seen from the comparison's model1. Its Failed holds the pairs that lack one of its verdicts.</param>
public sealed record JudgeFigures(string Judge, ComparisonStatistics Statistics)
{
    /// <summary>1 where the whole interval speaks for model1, -1 where it speaks for model2, else 0.</summary>
    public int Side => Statistics.HalfCredit is not { H: not null, Interval: var interval } ? 0 : interval.Lower > 0.5 ? 1 : interval.Upper < 0.5 ? -1 : 0;

    public JsonObject ToJson() => new()
    {
        ["judge"] = Judge,
        ["n"] = Statistics.N,
        ["incomplete"] = Statistics.FailedTotal,
        ["wins"] = Statistics.Wins,
        ["ties"] = Statistics.Ties.Total,
        ["losses"] = Statistics.Losses,
        ["h"] = JsonFigures.Of(Statistics.HalfCredit.H),
        ["se"] = JsonFigures.Of(Statistics.HalfCredit.StandardError),
        ["ci95"] = Statistics.HalfCredit.H is null ? null : JsonFigures.Of(Statistics.HalfCredit.Interval),
        ["order_consistency"] = JsonFigures.Of(Statistics.OrderConsistency),
    };
}
