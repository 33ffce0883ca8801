namespace Cfx.Core.Statistics;

/// <summary>A confidence interval for a share.</summary>
/// <param name="Lower">0 to 1.</param>
/// <param name="Upper">0 to 1, not below <paramref name="Lower"/>.</param>
public sealed record Interval(double Lower, double Upper)
{
    /// <summary>What is known without data: anything.</summary>
    public static Interval Unknown { get; } = new(0, 1);

    public bool Contains(double value) => value >= Lower && value <= Upper;
}
