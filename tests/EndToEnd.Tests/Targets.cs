namespace EndToEnd.Tests;

/// <summary>The targets of a study, in the order in which they run.</summary>
internal static class Targets
{
    public static readonly string[] All =
    [
        "Filter", "Split", "Process-Feedback", "Process-Alternative", "Process", "Prepare", "FineTune-Feedback", "FineTune-Alternative", "FineTune",
        "Respond", "Evaluate-Base-Vs-Feedback", "Evaluate-Base-Vs-Alternative", "Evaluate-Feedback-Vs-Alternative", "Evaluate", "Analyze", "Study",
    ];

    /// <summary>The judging and what follows from it.</summary>
    public static readonly string[] FromEvaluate = All[10..];

    /// <summary>The training and what follows from it.</summary>
    public static readonly string[] FromFineTune = All[6..];

    /// <summary>What gathers other targets and makes nothing itself.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Gathering = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Process"] = ["Process-Feedback", "Process-Alternative"],
        ["FineTune"] = ["FineTune-Feedback", "FineTune-Alternative"],
        ["Evaluate"] = ["Evaluate-Base-Vs-Feedback", "Evaluate-Base-Vs-Alternative", "Evaluate-Feedback-Vs-Alternative"],
        ["Study"] = ["Analyze"],
    };
}
