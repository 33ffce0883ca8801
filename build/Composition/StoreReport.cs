using System.Globalization;
using Cfx.Build.Host;
using Cfx.Together.Store;

namespace Cfx.Build.Composition;

/// <summary>Shows a person what the response store holds.</summary>
internal static class StoreReport
{
    public static void Write(HostConsole console, string path, StoreSummary summary)
    {
        console.WriteLine($"{path}: {Size(summary.Bytes)}, {Count(summary.Answers)} answers, {Count(summary.Failures)} requests still without a usable reply");
        if (summary.LastRun is { } run)
        {
            console.WriteLine(
                $"Last run that asked ({run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC): "
                + $"{Count(run.Hits)} answers were there, {Count(run.Asked)} asked for, {Count(run.Failed)} calls without a usable reply");
        }

        if (summary.Spend.Count == 0)
        {
            return;
        }

        console.WriteLine();
        TextTable.Write(
            console,
            ["Study", "Stage", "Model", "Answers", "Tokens read", "Tokens written", "USD", "Server"],
            [
                .. summary.Spend.Select(s => new[]
                {
                    s.Study, s.Stage, s.Model, Count(s.Answers), Count(s.PromptTokens), Count(s.CompletionTokens), Price(s.KnownUsd, s.Unpriced), s.Server,
                }),
                [
                    "all", "", "", Count(summary.Answers), Count(summary.Spend.Sum(s => s.PromptTokens)),
                    Count(summary.Spend.Sum(s => s.CompletionTokens)), Price(summary.Spend.Sum(s => s.KnownUsd), summary.Spend.Sum(s => s.Unpriced)), "",
                ],
            ]);
    }

    /// <summary>What studies spent, answers that were thrown away included.</summary>
    public static void Write(HostConsole console, IReadOnlyList<StudySpending> spending)
    {
        if (spending.Count == 0)
        {
            return;
        }

        console.WriteLine();
        TextTable.Write(
            console,
            ["Spent by", "Stage", "On", "Calls", "USD", "Set aside", "May have been billed", "Without a known price"],
            [
                .. spending.SelectMany(s => s.Lines.Select(l => new[]
                {
                    s.Study, l.Stage, l.What, Count(l.Calls), Usd(l.SettledUsd), Usd(l.SetAsideUsd), Usd(l.UnconfirmedUsd), Count(l.Unpriced),
                })),
                .. spending.Where(s => s.Abandoned > 0).Select(s => new[] { s.Study, "", "calls under way when a run was killed", "", "", "", Usd(s.Abandoned), "" }),
                .. spending.Select(s => new[]
                {
                    s.Study, "all", "", Count(s.Lines.Sum(l => l.Calls)), Usd(s.SettledUsd), Usd(s.SetAsideUsd), Usd(s.UnconfirmedUsd), Count(s.Unpriced),
                }),
            ]);
    }

    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Usd(decimal usd) => usd.ToString("0.00####", CultureInfo.InvariantCulture);

    // What is not known is never shown as nothing.
    private static string Price(decimal known, long unpriced) => (known, unpriced) switch
    {
        (_, 0) => known.ToString("0.00####", CultureInfo.InvariantCulture),
        (0, _) => "not known",
        _ => string.Create(CultureInfo.InvariantCulture, $"{known:0.00####} + {unpriced} not known"),
    };
}
