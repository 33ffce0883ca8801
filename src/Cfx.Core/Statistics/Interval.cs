namespace Cfx.Core.Statistics;

/// <summary>A confidence interval. For a share both ends are from 0 to 1; for a difference, a coefficient or kappa they have its range.</summary>
/// <param name="Lower">Not above <paramref name="Upper"/>.</param>
/// <param name="Upper">Not below <paramref name="Lower"/>.</param>
public sealed record Interval(double Lower, double Upper)
{
    /// <summary>What is known of a share without data: anything.</summary>
    public static Interval Unknown { get; } = new(0, 1);

    /// <summary>What the other label's share is held to have: 1 minus both ends.</summary>
    public Interval Complement() => new(1 - Upper, 1 - Lower);

    public bool Contains(double value) => value >= Lower && value <= Upper;
}
