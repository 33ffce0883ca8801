namespace Cfx.Core.Evaluation;

/// <summary>The words that evaluation files use.</summary>
internal static class EvaluationWords
{
    internal const string Normal = "normal";
    internal const string Reversed = "reversed";

    private static readonly (OutcomeKind Kind, string Word)[] Outcomes =
        [(OutcomeKind.Win, "win"), (OutcomeKind.Tie, "tie"), (OutcomeKind.Loss, "loss"), (OutcomeKind.Incomplete, "incomplete")];

    private static readonly (TieKind Kind, string Word)[] TieKinds =
    [
        (TieKind.Consistent, "consistent"),
        (TieKind.FlipFirst, "flip_first"),
        (TieKind.FlipSecond, "flip_second"),
        (TieKind.SoftModel1, "soft_model1"),
        (TieKind.SoftModel2, "soft_model2"),
    ];

    private static readonly (IncompleteCause Kind, string Word)[] Causes =
    [
        (IncompleteCause.AnswerModel1, "answer_model1"),
        (IncompleteCause.AnswerModel2, "answer_model2"),
        (IncompleteCause.AnswerBoth, "answer_both"),
        (IncompleteCause.JudgeFailed, "judge_failed"),
        (IncompleteCause.JudgeUnparsed, "judge_unparsed"),
    ];

    internal static string Of(OutcomeKind kind) => Word(Outcomes, kind);

    internal static string Of(TieKind kind) => Word(TieKinds, kind);

    internal static string Of(IncompleteCause kind) => Word(Causes, kind);

    internal static string? Of(Verdict? verdict) => verdict switch
    {
        Verdict.A => "A",
        Verdict.B => "B",
        Verdict.Tie => "TIE",
        _ => null,
    };

    internal static Verdict? Slot(string? word) => word switch
    {
        "A" => Verdict.A,
        "B" => Verdict.B,
        "TIE" => Verdict.Tie,
        _ => null,
    };

    internal static string? Winner(OutcomeKind outcome) => outcome switch
    {
        OutcomeKind.Win => "model1",
        OutcomeKind.Loss => "model2",
        OutcomeKind.Tie => "tie",
        _ => null,
    };

    internal static OutcomeKind? Outcome(string? word) => Kind(Outcomes, word);

    internal static TieKind? Tie(string? word) => Kind(TieKinds, word);

    internal static IncompleteCause? Cause(string? word) => Kind(Causes, word);

    private static string Word<T>((T Kind, string Word)[] table, T kind) => table.First(e => EqualityComparer<T>.Default.Equals(e.Kind, kind)).Word;

    private static T? Kind<T>((T Kind, string Word)[] table, string? word)
        where T : struct
    {
        foreach (var entry in table)
        {
            if (string.Equals(entry.Word, word, StringComparison.Ordinal))
            {
                return entry.Kind;
            }
        }

        return null;
    }
}
