using System.Globalization;
using System.Text;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on how much results vary from one training to the next.</summary>
internal static class ReplicateSection
{
    /// <summary>Nothing when no arm was trained twice.</summary>
    public static void Append(StringBuilder text, IReadOnlyList<ReplicateSpread> spreads, Func<string, string> escape)
    {
        if (spreads.Count == 0)
        {
            return;
        }

        text.Append("\n## From one training to the next\n\n")
            .Append("The same arm trained again with other seeds, everything else equal. *SD* is the standard deviation of the win rate over these trainings, ")
            .Append("measured on the same test contexts: a method's effect that is not clearly larger than it may be chance in training.\n\n")
            .Append("| comparison | trainings | win rates | mean | SD |\n|---|---:|---|---:|---:|\n");
        foreach (var spread in spreads)
        {
            text.Append(string.Create(CultureInfo.InvariantCulture, $"| {escape(spread.Model1)} vs {escape(spread.Model2)} | {spread.WinRates.Count} | "))
                .AppendJoin(", ", spread.WinRates.Select(w => w.ToString("0.000", CultureInfo.InvariantCulture)))
                .Append(string.Create(CultureInfo.InvariantCulture, $" | {spread.Mean:0.000} | {spread.StandardDeviation:0.000} |\n"));
        }
    }
}
