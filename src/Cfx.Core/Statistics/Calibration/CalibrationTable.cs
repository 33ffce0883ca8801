using System.Globalization;

namespace Cfx.Core.Statistics.Calibration;

/// <summary>Writes the measured figures as Markdown: one table for each scenario and kind, a column for each size and tie rate.</summary>
public static class CalibrationTable
{
    /// <param name="report">What was measured.</param>
    /// <param name="writer">Takes the text; lines end in \n whatever the system.</param>
    public static void Write(CalibrationReport report, TextWriter writer)
    {
        var o = report.Options;
        var bootstraps = Math.Min(o.Studies, o.BootstrapStudies);
        Line(writer, string.Create(
            CultureInfo.InvariantCulture,
            $"{o.Studies:N0} simulated studies a column, seed {o.Seed}. Bootstraps: {bootstraps:N0} of them, {o.BootstrapReplicates:N0} resamples each, ends as far out as those of a report's {ClusterBootstrap.DefaultReplicates:N0} (ratings: {DavidsonRatings.DefaultReplicates:N0})."));
        Line(writer, "Each figure: value ± Monte-Carlo standard error, in brackets the exact value where it can be enumerated.");
        Line(
            writer,
            "Marks: none = within bounds; ~ = out of bounds by less than three Monte-Carlo errors; \\* = out of bounds for the reason given; "
            + "**!** = out of bounds.");
        foreach (var scenario in report.Rows.GroupBy(r => r.Cell.Scenario))
        {
            Line(writer, string.Empty);
            Line(writer, $"### {char.ToUpperInvariant(scenario.Key.Name[0])}{scenario.Key.Name[1..]}");
            foreach (var kind in Enum.GetValues<CalibrationKind>())
            {
                Write([.. scenario.Where(r => r.Kind == kind)], kind, writer);
            }
        }
    }

    private static void Write(IReadOnlyList<CalibrationRow> rows, CalibrationKind kind, TextWriter writer)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var cells = rows.Select(r => r.Cell).Distinct().ToList();
        var title = kind switch
        {
            CalibrationKind.Coverage => "Coverage of 95% intervals",
            CalibrationKind.TypeOneError => "Type-I error of tests (level 5% unless named)",
            _ => "Bias of estimates",
        };
        Line(writer, string.Empty);
        var columns = cells.Select(c => string.Create(CultureInfo.InvariantCulture, $"n = {c.N:N0}, ties {c.TieRate:0.##}"));
        Line(writer, $"| {title} | {string.Join(" | ", columns)} |");
        Line(writer, "|---|" + string.Concat(cells.Select(_ => "--:|")));
        foreach (var quantity in rows.GroupBy(r => r.Quantity, StringComparer.Ordinal))
        {
            var figures = cells.Select(c => quantity.FirstOrDefault(r => r.Cell == c)).Select(r => r is null ? "" : Figure(r));
            Line(writer, $"| {quantity.Key} | {string.Join(" | ", figures)} |");
        }

        foreach (var reason in rows.Where(r => r.Status == "explained").GroupBy(r => r.Reason!, StringComparer.Ordinal))
        {
            Line(writer, string.Empty);
            Line(writer, $"\\* {string.Join(", ", reason.Select(r => r.Quantity).Distinct(StringComparer.Ordinal))}: {reason.Key}.");
        }
    }

    private static string Figure(CalibrationRow row)
    {
        var mark = row.Status switch { "off" => " **!**", "explained" => " *", "chance" => " ~", _ => "" };
        if (row.Studies == 0)
        {
            return "none";
        }

        var undefined = row.Undefined == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {row.Undefined:N0} without");
        var text = row.Kind == CalibrationKind.Bias
            ? string.Create(CultureInfo.InvariantCulture, $"{row.Value:0.00000} ± {row.MonteCarloError:0.00000}")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * row.Value:0.00} ± {100 * row.MonteCarloError:0.00}");
        var exact = row.Exact is { } value ? string.Create(CultureInfo.InvariantCulture, $" ({100 * value:0.00})") : "";
        return text.Replace('-', '−') + exact + undefined + mark;
    }

    // The same bytes on every system.
    private static void Line(TextWriter writer, string text)
    {
        writer.Write(text);
        writer.Write('\n');
    }
}
