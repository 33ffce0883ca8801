namespace Cfx.Sandbox;

/// <summary>The judge's known weaknesses, so that statistics can be tested against the truth.</summary>
public sealed record SandboxJudgeOptions
{
    /// <summary>Added to the score of the answer shown first, in units of the judge's score; negative favours the second.</summary>
    public double PositionBias { get; init; }

    /// <summary>Standard deviation of the error added to each answer's score, in the same units; 0 or more.</summary>
    public double Noise { get; init; }

    /// <summary>Answers whose scores differ by no more than this are a tie; 0 or more. Null leaves it to the judge.</summary>
    public double? TieMargin { get; init; }

    internal IEnumerable<string> Faults()
    {
        if (!double.IsFinite(PositionBias))
        {
            yield return $"Judge.PositionBias is {PositionBias}: give a finite number.";
        }

        if (!double.IsFinite(Noise) || Noise < 0)
        {
            yield return $"Judge.Noise is {Noise}: give 0 or more.";
        }

        if (TieMargin is { } margin && (!double.IsFinite(margin) || margin < 0))
        {
            yield return $"Judge.TieMargin is {margin}: give 0 or more.";
        }
    }
}
