namespace Cfx.Build.Composition.Planning;

/// <summary>An estimate.</summary>
/// <param name="Low">Seldom less.</param>
/// <param name="Expected">Most likely.</param>
/// <param name="High">Seldom more.</param>
internal sealed record PlanRange(decimal Low, decimal Expected, decimal High)
{
    public static PlanRange Zero { get; } = new(0, 0, 0);

    public static PlanRange operator +(PlanRange a, PlanRange b) => new(a.Low + b.Low, a.Expected + b.Expected, a.High + b.High);

    public PlanRange Times(decimal factor) => new(Low * factor, Expected * factor, High * factor);
}
