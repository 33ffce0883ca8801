using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics.Calibration;

/// <summary>Raw replies of an imagined judge, by what it means to say. What each is taken to say is for the verdict parser alone.</summary>
internal static class JudgeTexts
{
    private static readonly string[] Frames =
    [
        "[[{0}]]",
        "Both are right, but one shows its steps and the other only claims.\n\n[[{0}]]",
        "**Verdict:** [[{0}]]",
        "At first reading I leaned the other way. Having read both again: [[{0}]]. To repeat it, [[{0}]]",
        "The line `m[[a]] = x[[b]] + y[[1]]` in one of them does not compile.\n[[{0}]]",
        "Neither [A] nor (B) nor [[C]] nor [[ A ]] would be a verdict here. Mine is [[{0}]].",
        "Beide nennen die Quelle, eine davon genauer.\n[[{0}]]",
        "两个回答都说得通。\n最终判断：[[{0}]]",
        "[[[{0}]]]",
    ];

    private static readonly string[] Ties = ["TIE", "Tie", "tie"];

    /// <summary>Replies that hold no verdict, or more than one.</summary>
    public static IReadOnlyList<string> Unreadable { get; } =
    [
        string.Empty,
        "I cannot decide between these.",
        "[[A]] at first, but then again [[B]].",
        "Both [[A]] and [[TIE]] can be defended.",
        "[[ B ]]",
        "[A]",
        "[[a]]",
        "[[C]]",
    ];

    /// <summary>Replies that mean a verdict.</summary>
    public static IReadOnlyList<string> Meaning(Verdict verdict) => verdict switch
    {
        Verdict.A => [.. Frames.Select(f => f.Replace("{0}", "A", StringComparison.Ordinal))],
        Verdict.B => [.. Frames.Select(f => f.Replace("{0}", "B", StringComparison.Ordinal))],
        _ => [.. Frames.Select((f, i) => f.Replace("{0}", Ties[i % Ties.Length], StringComparison.Ordinal))],
    };
}
