namespace Cfx.Core.Conversations;

/// <summary>The words for sides in files.</summary>
public static class SplitSides
{
    public static string ToText(SplitSide side) => side switch
    {
        SplitSide.Train => "train",
        SplitSide.Validation => "validation",
        SplitSide.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "not a side"),
    };

    /// <returns>Null when the text is none of the words.</returns>
    public static SplitSide? Parse(string? text) => text switch
    {
        "train" => SplitSide.Train,
        "validation" => SplitSide.Validation,
        "test" => SplitSide.Test,
        _ => null,
    };
}
