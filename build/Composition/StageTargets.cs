using Cfx.Build.Options;

namespace Cfx.Build.Composition;

/// <summary>Names of targets, and which target makes what. Arms and methods that study.json adds are made by the target that covers all.</summary>
internal static class StageTargets
{
    public const string Filter = "Filter";
    public const string Split = "Split";
    public const string Process = "Process";
    public const string ProcessFeedback = "Process-Feedback";
    public const string ProcessAlternative = "Process-Alternative";
    public const string Prepare = "Prepare";
    public const string FineTune = "FineTune";
    public const string FineTuneFeedback = "FineTune-Feedback";
    public const string FineTuneAlternative = "FineTune-Alternative";
    public const string Respond = "Respond";
    public const string Evaluate = "Evaluate";
    public const string EvaluateBaseVsFeedback = "Evaluate-Base-Vs-Feedback";
    public const string EvaluateBaseVsAlternative = "Evaluate-Base-Vs-Alternative";
    public const string EvaluateFeedbackVsAlternative = "Evaluate-Feedback-Vs-Alternative";
    public const string Analyze = "Analyze";
    public const string Study = "Study";
    public const string Clean = "Clean";
    public const string Audit = "Audit";
    public const string Blind = "Blind";
    public const string Plan = "Plan";
    public const string Pilot = "Pilot";

    /// <summary>Whether a target makes artifacts of a study.</summary>
    public static bool IsStage(string target) =>
        target.StartsWith(Process, StringComparison.OrdinalIgnoreCase)
        || target.StartsWith(FineTune, StringComparison.OrdinalIgnoreCase)
        || target.StartsWith(Evaluate, StringComparison.OrdinalIgnoreCase)
        || new[] { Filter, Split, Prepare, Respond, Analyze, Study, Pilot, Audit }.Contains(target, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a target asks providers, and so may cost money.</summary>
    public static bool Buys(string target) =>
        target.StartsWith(Process, StringComparison.OrdinalIgnoreCase)
        || target.StartsWith(FineTune, StringComparison.OrdinalIgnoreCase)
        || target.StartsWith(Evaluate, StringComparison.OrdinalIgnoreCase)
        || new[] { Respond, Pilot, Audit }.Contains(target, StringComparer.OrdinalIgnoreCase);

    /// <summary>The section whose provider a target asks; for targets that ask one.</summary>
    public static string SectionOf(string target) =>
        target.StartsWith(Process, StringComparison.OrdinalIgnoreCase) ? "process"
        : target.StartsWith(FineTune, StringComparison.OrdinalIgnoreCase) ? "finetune"
        : target.StartsWith(Evaluate, StringComparison.OrdinalIgnoreCase) || target.Equals(Audit, StringComparison.OrdinalIgnoreCase) ? "evaluate"
        : "respond";

    /// <summary>Whether a target stands for those that make one method's, one arm's or one pair's artifacts.</summary>
    public static bool Gathers(string target) =>
        new[] { Process, FineTune, Evaluate }.Contains(target, StringComparer.OrdinalIgnoreCase);

    public static string ForMethod(string method) => method switch
    {
        "feedback" => ProcessFeedback,
        "alternative" => ProcessAlternative,
        _ => Process,
    };

    public static string ForArm(string arm) => arm switch
    {
        "feedback" => FineTuneFeedback,
        "alternative" => FineTuneAlternative,
        _ => FineTune,
    };

    public static string ForComparison(string model1, string model2) => (model1, model2) switch
    {
        (ArmDefinition.Base, "feedback") => EvaluateBaseVsFeedback,
        (ArmDefinition.Base, "alternative") => EvaluateBaseVsAlternative,
        ("feedback", "alternative") => EvaluateFeedbackVsAlternative,
        _ => Evaluate,
    };
}
