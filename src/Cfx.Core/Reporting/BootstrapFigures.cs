using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>A percentile bootstrap interval, or why there is none.</summary>
/// <param name="Status">"done", "off", "too_many_conversations" or "no_data".</param>
/// <param name="Replicates">Resamples, 0 unless done. Fewer than asked for where there are very many conversations.</param>
/// <param name="Seed">What the resampling started from.</param>
/// <param name="Result">Null unless done.</param>
/// <param name="Disagrees">The t interval is more than 0.15 standard errors off although there are 200 pairs or more.</param>
public sealed record BootstrapFigures(string Status, int Replicates, ulong Seed, BootstrapResult? Result, bool Disagrees)
{
    /// <summary>The most draws of a conversation that one interval may take; about a second.</summary>
    private const long MostDraws = 200_000_000;

    /// <summary>With fewer resamples than this the ends of an interval are not worth printing.</summary>
    private const int Fewest = 500;

    /// <param name="sums">Values by conversation.</param>
    /// <param name="seed">Equal seeds give equal results.</param>
    /// <param name="replicates">Asked for; 0 for none.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="t">The same rate by the t interval; null where there is none to compare with.</param>
    /// <param name="cancellationToken">Asked between resamples.</param>
    public static BootstrapFigures Of(ClusterSums sums, ulong seed, int replicates, double confidence, HalfCreditResult? t, CancellationToken cancellationToken)
    {
        if (replicates == 0 || sums.Clusters.Count < 2)
        {
            return new BootstrapFigures(replicates == 0 ? "off" : "no_data", 0, seed, null, false);
        }

        var affordable = Affordable(replicates, sums.Clusters.Count);
        if (affordable == 0)
        {
            return new BootstrapFigures("too_many_conversations", 0, seed, null, false);
        }

        var result = ClusterBootstrap.Run(sums, seed, affordable, confidence, cancellationToken);
        return new BootstrapFigures("done", affordable, seed, result, t is not null && result.DisagreesWith(t));
    }

    /// <summary>How many resamples so many conversations allow; 0 when they are too few to be worth it.</summary>
    internal static int Affordable(int replicates, int conversations)
    {
        var most = (int)Math.Min(replicates, MostDraws / Math.Max(1, conversations));
        return most >= Math.Min(Fewest, replicates) ? most : 0;
    }

    public JsonObject ToJson() => new()
    {
        ["status"] = Status,
        ["replicates"] = Replicates,
        ["seed"] = Seed,
        ["se"] = Result?.StandardError,
        ["ci95"] = JsonFigures.Of(Result?.Interval),
        ["disagrees_with_t"] = Disagrees,
    };
}
