namespace Cfx.Sandbox;

/// <summary>The judge's known weaknesses, so that statistics can be tested against the truth. Null leaves a value to the judge model.</summary>
public sealed record SandboxJudgeOptions
{
    /// <summary>Added to the reward of the answer in slot A, in units of the judge's reward; negative favours slot B.</summary>
    public double? PositionBias { get; init; }

    /// <summary>Standard deviation of the random part of the difference of two rewards, drawn from the request; 0 or more.</summary>
    public double? Noise { get; init; }

    /// <summary>Answers whose rewards differ by no more than this are a tie; 0 or more.</summary>
    public double? TieMargin { get; init; }

    internal IEnumerable<string> Faults()
    {
        if (PositionBias is { } bias && !double.IsFinite(bias))
        {
            yield return $"Judge.PositionBias is {bias}: give a finite number.";
        }

        foreach (var (name, value) in new[] { (nameof(Noise), Noise), (nameof(TieMargin), TieMargin) })
        {
            if (value is { } number && !(number >= 0 && double.IsFinite(number)))
            {
                yield return $"Judge.{name} is {number}: give 0 or more.";
            }
        }
    }
}
