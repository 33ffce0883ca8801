using System.Globalization;
using Cfx.Core.Spending;

namespace Cfx.Together.Store;

/// <summary>What a person reads about a budget.</summary>
public static class BudgetWords
{
    /// <summary>An amount such as $0.0123.</summary>
    public static string Money(decimal usd) => "$" + usd.ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>The parts of what counts against a budget.</summary>
    public static string Parts(StudySpending spent)
    {
        ArgumentNullException.ThrowIfNull(spent);
        var unconfirmed = spent.UnconfirmedUsd > 0 ? $", {Money(spent.UnconfirmedUsd)} may have been billed without an answer" : "";
        var unpriced = spent.Unpriced > 0 ? string.Create(CultureInfo.InvariantCulture, $", {spent.Unpriced} purchases without a known price") : "";
        return $"{Money(spent.SettledUsd)} is spent, {Money(spent.SetAsideUsd)} set aside{unconfirmed}{unpriced}";
    }

    /// <param name="spent">So far.</param>
    /// <param name="what">What was to be bought.</param>
    /// <param name="wanted">The most that it can cost, in billionths of a dollar.</param>
    /// <param name="limit">The budget, likewise.</param>
    /// <param name="enoughUsd">The budget that is expected to finish the study; null when nobody knows.</param>
    internal static BudgetReachedException Reached(StudySpending spent, string what, long wanted, long limit, decimal? enoughUsd)
    {
        var limitUsd = NanoUsd.ToUsd(limit);
        var enough = enoughUsd > limitUsd ? $"; the plan expects {Money(decimal.Ceiling(enoughUsd.Value * 100) / 100)} at most for all that has a known price" : "";
        return new BudgetReachedException(
            $"The budget of {Money(limitUsd)} for study '{spent.Study}' is reached: {Parts(spent)}, and {what} may cost {Money(NanoUsd.ToUsd(wanted))}. "
            + $"Everything bought is kept. Run again with a larger --budget to go on where this run stopped{enough}.");
    }
}
