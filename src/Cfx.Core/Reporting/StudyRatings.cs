using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>Ratings of all arms by Davidson's model.</summary>
/// <param name="Arms">The arms' names; the first is rated 0.</param>
/// <param name="Result">Intervals are empty where resampling was off.</param>
public sealed record StudyRatings(IReadOnlyList<string> Arms, DavidsonRatingsResult Result)
{
    /// <summary>Whether there is anything to show.</summary>
    public bool HasRatings => Result.Fit.Status == DavidsonStatus.Fitted;

    /// <summary>Whether the ratings have resampled intervals.</summary>
    public bool HasIntervals => HasRatings && Result.Intervals.Count > 0;

    /// <summary>Whether a prior made the ratings finite or steady.</summary>
    public bool IsRegularised => Result.Fit.Prior > 0;

    /// <summary>Rates the arms from all comparisons' complete pairs, a conversation's outcomes being kept together.</summary>
    /// <param name="comparisons">Each comparison's arms and pairs.</param>
    /// <param name="bases">Arms to name first.</param>
    /// <param name="options">Seed and resamples.</param>
    /// <param name="cancellationToken">Asked between resamples.</param>
    /// <returns>Null where no pair is complete and judged in both orders.</returns>
    internal static StudyRatings? Of(
        IReadOnlyList<(string Model1, string Model2, ComparisonEvidence Evidence)> comparisons,
        IReadOnlySet<string> bases,
        AnalyzeOptions options,
        CancellationToken cancellationToken)
    {
        // Of a pair judged in one order nobody can tell how much is the place's.
        var withPairs = comparisons.Where(c => c.Evidence is { Pairs.Count: > 0, IsSingleOrder: false } && c.Model1 != c.Model2).ToList();
        if (withPairs.Count == 0)
        {
            return null;
        }

        List<string> arms = [.. withPairs.SelectMany(c => new[] { c.Model1, c.Model2 }).Distinct(StringComparer.Ordinal).OrderBy(a => bases.Contains(a) ? 0 : 1)];
        var records = new DavidsonRecords(arms.Count);
        foreach (var (model1, model2, evidence) in withPairs)
        {
            var (first, second) = (arms.IndexOf(model1), arms.IndexOf(model2));
            foreach (var pair in evidence.Pairs)
            {
                records.Add(pair.Conversation, first, second, pair.Score);
            }
        }

        var replicates = BootstrapFigures.Affordable(Math.Min(options.BootstrapReplicates, DavidsonRatings.DefaultReplicates), records.Conversations);
        var result = DavidsonRatings.Estimate(records, options.Seed, Math.Max(1, replicates), cancellationToken: cancellationToken);
        return new StudyRatings(arms, replicates > 0 ? result : result with { Intervals = [], Contrasts = [], Replicates = 0, Refitted = 0, Lost = 0 });
    }

    public JsonObject ToJson()
    {
        var fit = Result.Fit;
        return new JsonObject
        {
            ["status"] = Word(Result.RawStatus),
            ["prior"] = fit.Prior,
            ["regularised"] = IsRegularised,
            ["conversations"] = Result.Conversations,
            ["arms"] = JsonFigures.Texts(Arms),
            ["theta"] = Numbers(fit.Theta),
            ["se"] = Numbers(Result.ClusterErrors),
            ["theta_ci95"] = Intervals(Result.Intervals),
            ["elo"] = Numbers(fit.Theta.Select(t => t * DavidsonFit.EloPerTheta)),
            ["ci"] = Intervals(Result.Intervals.Select((_, arm) => Result.EloInterval(arm))),
            ["nu"] = JsonFigures.Of(fit.Nu),
            ["G2"] = JsonFigures.Of(fit.G2),
            ["df"] = fit.DegreesOfFreedom,
            ["p"] = JsonFigures.Of(fit.FitP),
            ["fits_badly"] = fit.FitsBadly,
            ["contrasts"] = new JsonArray(
            [
                .. Result.Contrasts.Select(c => new JsonObject
                {
                    ["first"] = Arms[c.First],
                    ["second"] = Arms[c.Second],
                    ["elo"] = JsonFigures.Of(c.Elo),
                    ["elo_ci95"] = JsonFigures.Of(c.EloInterval),
                    ["expected_score"] = JsonFigures.Of(c.ExpectedScore),
                    ["expected_score_ci95"] = JsonFigures.Of(c.ExpectedScoreInterval),
                }),
            ]),
            ["replicates"] = Result.Replicates,
            ["refitted"] = Result.Refitted,
            ["lost"] = Result.Lost,
            ["seed"] = Result.Seed,
        };
    }

    private static string Word(DavidsonStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => JsonFigures.Of(v))]);

    private static JsonArray Intervals(IEnumerable<Interval> intervals) => new([.. intervals.Select(i => (JsonNode?)JsonFigures.Of(i))]);
}
