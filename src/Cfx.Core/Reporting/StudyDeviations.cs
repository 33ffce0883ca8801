using System.Globalization;

namespace Cfx.Core.Reporting;

/// <summary>Where a study was not run as planned, so that its figures mean something else.</summary>
internal static class StudyDeviations
{
    public static IReadOnlyList<string> Of(
        IReadOnlyList<ComparisonResult> comparisons, StudyRatings? ratings, int replicatesAsked)
    {
        var found = new List<string>();
        foreach (var c in comparisons)
        {
            var name = $"{c.Model1} vs {c.Model2}";
            var (s, d) = (c.Statistics, c.Details);
            if (d.IsPartial)
            {
                found.Add(Invariant($"{name}: {s.Attempted} of {d.Planned} planned pairs; no p-value is given before the planned number, and the comparison enters the adjustment with p = 1."));
            }

            if (s.N == 0)
            {
                found.Add($"{name}: no complete pair; it enters the adjustment with p = 1.");
            }

            if (d.SingleOrder is not null)
            {
                found.Add($"{name}: each pair was judged in one order; the estimate weighs both orders alike, and the test is an exact permutation test over the orders instead of the sign test.");
            }
            else if (s.Clusters is not null)
            {
                found.Add($"{name}: several pairs come from one conversation; errors and test are those for clusters.");
            }

            if (d.Bootstrap.Status == "too_many_conversations" || (d.Bootstrap.Status == "done" && d.Bootstrap.Replicates < replicatesAsked))
            {
                found.Add(Invariant($"{name}: {d.Bootstrap.Replicates} bootstrap resamples instead of {replicatesAsked}, there being {s.N} pairs."));
            }

            if (d.Bootstrap.Disagrees)
            {
                found.Add($"{name}: the bootstrap interval and the t interval are more than 0.15 standard errors apart.");
            }
        }

        if (comparisons.Select(c => c.Statistics.Attempted).Distinct().Count() > 1)
        {
            found.Add("The comparisons have different numbers of pairs, so they are not all of the same test contexts.");
        }

        if (ratings is { HasRatings: true, IsRegularised: true })
        {
            found.Add("Ratings without half a pseudo-count for each of win, tie and loss of each comparison would be infinite or unsteady; they are drawn together by it.");
        }

        return found;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
