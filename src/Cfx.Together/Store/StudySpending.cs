namespace Cfx.Together.Store;

/// <summary>What all runs of one study spent.</summary>
/// <param name="Study">The study.</param>
/// <param name="Lines">By stage and by what was bought.</param>
/// <param name="Abandoned">What runs that were killed had under way, in US dollars: it may have been billed.</param>
/// <param name="UnderWay">What this run has under way, in US dollars.</param>
public sealed record StudySpending(string Study, IReadOnlyList<SpendingLine> Lines, decimal Abandoned, decimal UnderWay)
{
    /// <summary>Certainly spent.</summary>
    public decimal SettledUsd => Lines.Sum(l => l.SettledUsd);

    /// <summary>Kept back for what is being bought.</summary>
    public decimal SetAsideUsd => Lines.Sum(l => l.SetAsideUsd) + UnderWay;

    /// <summary>At most billed without an answer having come of it.</summary>
    public decimal UnconfirmedUsd => Lines.Sum(l => l.UnconfirmedUsd) + Abandoned;

    /// <summary>Purchases whose price is not known.</summary>
    public long Unpriced => Lines.Sum(l => l.Unpriced);

    /// <summary>What counts against a budget.</summary>
    public decimal TotalUsd => SettledUsd + SetAsideUsd + UnconfirmedUsd;
}
