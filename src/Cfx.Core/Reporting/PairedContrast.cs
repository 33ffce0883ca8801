using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>How far two arms' win rates against the same third arm are apart, on the items that both were judged on.</summary>
/// <param name="First">An arm.</param>
/// <param name="Second">Another.</param>
/// <param name="Reference">What both were compared with.</param>
/// <param name="Result">First minus second.</param>
/// <param name="Bootstrap">Of the difference.</param>
/// <param name="IsPartial">One of the comparisons has fewer pairs than planned: then there is no p-value.</param>
public sealed record PairedContrast(
    string First, string Second, string Reference, PairedDifferenceResult Result, BootstrapFigures Bootstrap, bool IsPartial)
{
    /// <summary>One for each comparison whose two arms were both compared with the same third.</summary>
    internal static IReadOnlyList<PairedContrast> Of(
        IReadOnlyList<(ComparisonResult Result, ComparisonEvidence Evidence)> comparisons, AnalyzeOptions options, CancellationToken cancellationToken)
    {
        var contrasts = new List<PairedContrast>();
        foreach (var direct in comparisons)
        {
            var (one, two) = (direct.Result.Model1, direct.Result.Model2);
            foreach (var first in comparisons.Where(c => c.Result.Model1 == one && c.Result.Model2 != two && !c.Evidence.IsSingleOrder))
            {
                foreach (var second in comparisons.Where(c => c.Result.Model1 == two && c.Result.Model2 == first.Result.Model2 && !c.Evidence.IsSingleOrder))
                {
                    contrasts.Add(Of(first, second, options, cancellationToken));
                }
            }
        }

        return contrasts;
    }

    public JsonObject ToJson() => new()
    {
        ["first"] = First,
        ["second"] = Second,
        ["reference"] = Reference,
        ["n"] = Result.Difference.N,
        ["conversations"] = Result.Difference.Clusters,
        ["difference"] = JsonFigures.Of(Result.Difference.Mean),
        ["se"] = JsonFigures.Of(Result.Difference.StandardError),
        ["ci95"] = JsonFigures.Of(Result.Difference.Interval),
        ["p"] = IsPartial ? null : JsonFigures.Of(Result.Difference.PValue),
        ["se_unpaired"] = JsonFigures.Of(Result.UnpairedStandardError),
        ["correlation"] = JsonFigures.Of(Result.Correlation),
        ["bootstrap"] = Bootstrap.ToJson(),
    };

    private static PairedContrast Of(
        (ComparisonResult Result, ComparisonEvidence Evidence) first,
        (ComparisonResult Result, ComparisonEvidence Evidence) second,
        AnalyzeOptions options,
        CancellationToken cancellationToken)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var pair in second.Evidence.Pairs)
        {
            scores[pair.Item] = pair.Score;
        }

        var paired = new PairedDifference();
        foreach (var pair in first.Evidence.Pairs)
        {
            if (scores.TryGetValue(pair.Item, out var other))
            {
                paired.Add(pair.Conversation, pair.Score, other);
            }
        }

        return new PairedContrast(
            first.Result.Model1,
            second.Result.Model1,
            first.Result.Model2,
            paired.Estimate(ComparisonStatistics.Confidence),
            BootstrapFigures.Of(paired.Differences, options.Seed, options.BootstrapReplicates, ComparisonStatistics.Confidence, null, cancellationToken),
            first.Result.Details.IsPartial || second.Result.Details.IsPartial);
    }
}
