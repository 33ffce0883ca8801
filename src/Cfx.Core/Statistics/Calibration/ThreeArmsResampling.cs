namespace Cfx.Core.Statistics.Calibration;

/// <summary>Resampled intervals over several comparisons: contrasts of the ratings, and two arms against the same third.</summary>
internal static class ThreeArmsResampling
{
    private static readonly string[] Arms = ["base", "feedback", "alternative"];

    /// <param name="ratings">Of a drawn study.</param>
    /// <param name="truth">The fit to the outcomes' true chances.</param>
    /// <param name="tally">Takes what is measured.</param>
    public static void Contrasts(DavidsonRatingsResult ratings, DavidsonFit truth, CalibrationTally tally)
    {
        foreach (var contrast in ratings.Contrasts)
        {
            var name = $"{Arms[contrast.First]} and {Arms[contrast.Second]}";
            tally.Covers($"rating between {name}, bootstrap", contrast.ThetaInterval, truth.Theta[contrast.First] - truth.Theta[contrast.Second]);
            tally.Covers($"expected score between {name}, bootstrap", contrast.ExpectedScoreInterval, truth.ExpectedScore(contrast.First, contrast.Second));
        }
    }

    /// <param name="study">As drawn.</param>
    /// <param name="names">The conversations'.</param>
    /// <param name="truth">The first arm's rate against the base minus the second's.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <param name="replicates">Resamples.</param>
    /// <param name="tally">Takes what is measured.</param>
    /// <param name="cancellationToken">Asked between resamples.</param>
    public static void Difference(
        ThreeArmsStudy study, string[] names, double truth, ulong seed, int replicates, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var paired = new PairedDifference();
        for (var i = 0; i < names.Length; i++)
        {
            if (ThreeArmsPattern.Score(study.PatternOf[i], 0) is { } first && ThreeArmsPattern.Score(study.PatternOf[i], 1) is { } second)
            {
                paired.Add(names[i], first, second);
            }
        }

        var level = ResampledLevel.Matching(replicates, ClusterBootstrap.DefaultReplicates, 0.95);
        tally.Covers(
            "difference of two arms, bootstrap", ClusterBootstrap.Run(paired.Differences, seed, replicates, level, cancellationToken).Interval, truth);
    }
}
