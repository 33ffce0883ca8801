namespace Cfx.Core.Statistics.Calibration;

/// <summary>One drawn study: all that its analysis needs.</summary>
/// <param name="n">Conversations.</param>
/// <param name="looks">How often a monitor looks.</param>
internal sealed class ThreeArmsStudy(int n, int looks)
{
    /// <summary>By comparison: wins, ties, losses, incomplete.</summary>
    public long[,] Outcomes { get; } = new long[3, 4];

    /// <summary>The first comparison's pairs by code.</summary>
    public long[] Codes { get; } = new long[16];

    /// <summary>The first comparison judged in one order each: by order, then verdict.</summary>
    public long[,] OneOrder { get; } = new long[2, 4];

    /// <summary>Conversations by their three outcomes, base 4.</summary>
    public double[] Patterns { get; } = new double[64];

    /// <summary>The same for each conversation.</summary>
    public byte[] PatternOf { get; } = new byte[n];

    /// <summary>The first comparison's wins and losses at each look.</summary>
    public List<(long Wins, long Losses)> Looks { get; } = new(looks + 1);

    public void Look() => Looks.Add((Outcomes[0, 0], Outcomes[0, 2]));
}
