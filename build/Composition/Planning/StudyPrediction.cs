using Cfx.Core.Statistics;
using Cfx.Together.Store;

namespace Cfx.Build.Composition.Planning;

/// <summary>What a study will cost and what it can show.</summary>
/// <param name="Study">The study.</param>
/// <param name="Provider">Who is paid.</param>
/// <param name="Lines">By target.</param>
/// <param name="Spent">So far, by all runs.</param>
/// <param name="TestContexts">Expected.</param>
/// <param name="Comparisons">How many the study plans.</param>
/// <param name="Cautions">Settings that are known to weaken or void a study.</param>
/// <param name="Notes">What the figures rest on.</param>
internal sealed record StudyPrediction(
    string Study, string Provider, IReadOnlyList<PlanLine> Lines, StudySpending Spent, long TestContexts, int Comparisons,
    IReadOnlyList<Finding> Cautions, IReadOnlyList<string> Notes)
{
    private const double Alpha = 0.05;
    private const double PlannedPower = 0.8;

    /// <summary>The known prices of what is still to be bought.</summary>
    public PlanRange Total => Lines.Select(l => l.Usd).OfType<PlanRange>().Aggregate(PlanRange.Zero, (a, b) => a + b);

    /// <summary>The same with batches where their price is known, and else at once.</summary>
    public PlanRange BatchTotal => Lines.Select(l => l.BatchUsd ?? l.Usd).OfType<PlanRange>().Aggregate(PlanRange.Zero, (a, b) => a + b);

    /// <summary>What is still to be bought at a price that is not known.</summary>
    public IReadOnlyList<PlanLine> Unknown => [.. Lines.Where(l => l.Usd is null)];

    /// <summary>The budget that is expected to be enough: what counts already and the high estimate of the rest.</summary>
    public decimal EnoughUsd => Spent.TotalUsd + Total.High;

    /// <summary>The smallest difference of the win rate from one half that the study can be expected to see; null when it can see none.</summary>
    /// <param name="tieRate">The share of pairs that end in a tie.</param>
    public double? Detectable(double tieRate) => Power.DetectableEffect(TestContexts, tieRate, Alpha / Math.Max(1, Comparisons), PlannedPower);
}
