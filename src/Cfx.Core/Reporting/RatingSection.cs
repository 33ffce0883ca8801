using System.Text;
using Cfx.Core.Statistics;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's parts over all arms together: ratings, and two arms against the same third.</summary>
internal static class RatingSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        AppendRatings(text, analysis.Ratings);
        if (analysis.Paired.Count == 0)
        {
            return;
        }

        text.Append("\n## Two arms against the same third\n\n")
            .Append("Both arms' win rates against the same arm, compared within each test context; a check of their direct comparison.\n\n")
            .Append("| arms | against | contexts | difference [95 %] | [bootstrap] | p | error, and if unpaired |\n|---|---|---:|---|---|---:|---|\n");
        foreach (var paired in analysis.Paired)
        {
            var d = paired.Result.Difference;
            var p = paired.IsPartial ? "partial" : d.PValue is { } value ? PValueText.Format(value) : "–";
            text.Append(Text($"| {Escape(paired.First)} − {Escape(paired.Second)} | {Escape(paired.Reference)} | {d.N} | {Signed(d.Mean)} {Range(d.Interval)} "))
                .Append(Text($"| {Range(paired.Bootstrap.Result?.Interval)} | {p} | {Number(d.StandardError)}, {Number(paired.Result.UnpairedStandardError)} |\n"));
        }
    }

    private static void AppendRatings(StringBuilder text, StudyRatings? ratings)
    {
        if (ratings is null)
        {
            return;
        }

        text.Append("\n## Ratings\n\n");
        if (!ratings.HasRatings)
        {
            text.Append("No ratings: ").Append(ratings.Result.Fit.Status == DavidsonStatus.Disconnected
                ? "some arms were compared with no other, even indirectly.\n"
                : "the outcomes do not determine them.\n");
            return;
        }

        var fit = ratings.Result.Fit;
        text.Append(Text($"Davidson's model over all comparisons, on Elo's scale, {Escape(ratings.Arms[0])} being 0"))
            .Append(ratings.HasIntervals ? Text($"; intervals by {ratings.Result.Replicates} resamples of conversations. ") : ". ");
        if (ratings.IsRegularised)
        {
            text.Append("*Regularised*: half a pseudo-count was added to each of win, tie and loss of each comparison. ");
        }

        text.Append(fit.FitsBadly
            ? Text($"**The ratings do not tell the comparisons well (G² = {fit.G2:0.0}, p {Below(fit.FitP)}): preferences are not transitive or tie rates differ. Read the comparisons.**\n\n")
            : fit.FitP is { } p ? Text($"They fit the comparisons (G² = {fit.G2:0.0}, {fit.DegreesOfFreedom} degrees of freedom, p = {PValueText.Format(p)}).\n\n") : "\n\n");
        text.Append("| arm | rating [95 %] | wins against the first, ties half |\n|---|---|---:|\n");
        for (var arm = 0; arm < ratings.Arms.Count; arm++)
        {
            text.Append(Text($"| {Escape(ratings.Arms[arm])} | {Whole(fit.Elo(arm))}{(ratings.HasIntervals && arm > 0 ? " " + WholeRange(ratings.Result.EloInterval(arm)) : string.Empty)} "))
                .Append(arm == 0 ? "| – |\n" : Text($"| {Number(fit.ExpectedScore(arm, 0))} |\n"));
        }
    }

    private static string Below(double? p) => p is { } value && PValueText.Format(value) is var shown ? shown.StartsWith('<') ? shown : $"= {shown}" : "–";
}
