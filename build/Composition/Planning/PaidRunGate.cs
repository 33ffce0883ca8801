using System.Globalization;
using Cfx.Build.Host;
using Cfx.Core;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Planning;

/// <summary>Stands before a run that costs money: shows the plan, and lets nothing through without a budget and prices.</summary>
internal static class PaidRunGate
{
    /// <summary>Does nothing where all providers are free, or no target of the run buys anything.</summary>
    /// <param name="run">The study.</param>
    /// <param name="money">Its budget.</param>
    /// <param name="forecast">Foresees what it buys.</param>
    /// <param name="console">Shows the plan.</param>
    /// <param name="targets">What will run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MisuseException">There is no budget, or prices are not known and that was not allowed.</exception>
    public static async Task RequireAsync(
        StudyRun run, StudyMoney money, StudyForecast forecast, HostConsole console, IEnumerable<string> targets, CancellationToken cancellationToken)
    {
        if (run.Providers.IsFree || !targets.Any(StageTargets.Buys))
        {
            return;
        }

        var plan = await forecast.PredictAsync(cancellationToken);
        PlanReport.Show(console, plan, money.LimitUsd);
        await PlanReport.WriteAsync(run, plan, money.LimitUsd, cancellationToken);
        console.WriteLine();
        if (money.LimitUsd is not { } limit)
        {
            throw new MisuseException(
                "The study costs money and there is no budget. Give one with --budget=DOLLARS or \"budget\" in study.json: the plan expects "
                + $"{BudgetWords.Money(decimal.Ceiling(plan.EnoughUsd * 100) / 100)} at most{Unknown(plan)}.");
        }

        if (plan.Lines.Any(l => l.NewCalls > 0))
        {
            // A name that nobody knows has no price either, and is the better thing to tell.
            await run.Preflight.RequireAsync(cancellationToken);
        }

        var unknown = plan.Lines.Where(l => l is { Usd: null, NewCalls: > 0 } && l.Target != StageTargets.Respond).Select(l => l.Model ?? l.What).Distinct(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0 && !money.AllowsUnknownPrices)
        {
            throw UnknownPrice.Of(string.Join(" and of ", unknown));
        }

        money.Budget.EnoughUsd = plan.EnoughUsd;
        var low = plan.Spent.TotalUsd + plan.Total.Low;
        if (limit < low)
        {
            run.Logger<StudyForecast>().LogWarning(
                "The budget of {Budget} is below the plan's low estimate of {Low}: the run stops when it is reached, and goes on from there with a larger one",
                BudgetWords.Money(limit), BudgetWords.Money(decimal.Round(low, 2)));
        }
    }

    /// <summary>Says at the end what the study has spent by then.</summary>
    public static void Summarize(StudyRun run, StudyMoney money)
    {
        if (!run.Providers.IsFree && money.IsOpen)
        {
            run.Logger<StudyForecast>().LogInformation(
                "Study {Study}: {Parts}; the budget is {Budget}",
                money.Study, BudgetWords.Parts(money.Budget.Summarize()), money.LimitUsd is { } limit ? BudgetWords.Money(limit) : "none");
        }
    }

    private static string Unknown(StudyPrediction plan) => plan.Unknown.Count == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $" for what has a known price; {plan.Unknown.Count} lines of the plan have none");
}
