namespace Cfx.Core.Statistics.Calibration;

/// <summary>The truth that studies are drawn from.</summary>
/// <param name="Name">As shown in the table.</param>
/// <param name="Design">What a study is made of.</param>
/// <param name="Feedback">Log strength of the feedback arm; the base's is 0.</param>
/// <param name="Alternative">Log strength of the alternative arm.</param>
/// <param name="Noise">Share of calls whose verdict has nothing to do with the answers, 0 to 1.</param>
/// <param name="Pull">Share of calls that name the first slot whatever stands there, 0 to 1: 0.2 makes a position bias of 20 points.</param>
/// <param name="Missing">Share of calls without a verdict, half of them unreadable, half without any reply; 0 to below 1.</param>
public sealed record CalibrationScenario(
    string Name, CalibrationDesign Design, double Feedback, double Alternative, double Noise, double Pull, double Missing)
{
    private static readonly int[] Handfuls = [4, 8, 20];
    private static readonly int[] FewPairs = [20, 60];

    /// <summary>How many conversations, where that belongs to the scenario; null for the options' sizes.</summary>
    public IReadOnlyList<int>? Sizes { get; init; }

    /// <summary>Are all arms equally good?</summary>
    public bool IsNull => Feedback == 0 && Alternative == 0;

    /// <summary>All that the table covers.</summary>
    public static IReadOnlyList<CalibrationScenario> All { get; } =
    [
        new("equal arms, clean judge", CalibrationDesign.ThreeArms, 0, 0, 0, 0, 0),
        new("equal arms, noisy judge", CalibrationDesign.ThreeArms, 0, 0, 0.2, 0, 0),
        new("equal arms, noisy and biased judge, missing verdicts", CalibrationDesign.ThreeArms, 0, 0, 0.1, 0.2, 0.02),
        new("different arms, noisy and biased judge, missing verdicts", CalibrationDesign.ThreeArms, 0.4, 0.15, 0.1, 0.2, 0.02),
        new("equal arms, several items a conversation", CalibrationDesign.Clusters, 0, 0, 0.1, 0.2, 0.02),
        new("different arms, several items a conversation", CalibrationDesign.Clusters, 0.4, 0, 0.1, 0.2, 0.02),
        new("equal arms, judge prefers length", CalibrationDesign.Lengths, 0, 0, 0, 0, 0),
        new("three judges, users' feedback", CalibrationDesign.Judges, 0.4, 0, 0.3, 0, 0),
        new("one-order logs, equal arms", CalibrationDesign.OneOrder, 0, 0, 0.1, 0, 0) { Sizes = Handfuls },
        new("one-order logs, equal arms, biased judge", CalibrationDesign.OneOrder, 0, 0, 0.1, 0.3, 0) { Sizes = Handfuls },
        new("one-order logs, different arms, biased judge", CalibrationDesign.OneOrder, 1, 0, 0, 0.2, 0) { Sizes = Handfuls },
        new("few pairs, equal arms", CalibrationDesign.FewPairs, 0, 0, 0.1, 0.1, 0) { Sizes = FewPairs },
        new("few pairs, very different arms", CalibrationDesign.FewPairs, 2, 0, 0, 0.05, 0) { Sizes = FewPairs },
    ];
}
