using System.Globalization;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>How report.md writes numbers and names.</summary>
internal static class ReportText
{
    /// <inheritdoc cref="MarkdownText.Escape"/>
    public static string Escape(string text) => MarkdownText.Escape(text);

    /// <inheritdoc cref="MarkdownText.Code"/>
    public static string Code(string? text) => MarkdownText.Code(text);

    public static string Pair(ComparisonResult comparison) => $"{Escape(comparison.Model1)} vs {Escape(comparison.Model2)}";

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Number(double? value) => value is { } number ? Text($"{number:0.000}") : "–";

    public static string Signed(double? value) => value is { } number ? Text($"{number:+0.000;-0.000;0.000}") : "–";

    public static string Percent(double? share) => share is { } value ? Text($"{value * 100:0.0} %") : "–";

    public static string Range(Interval? interval) => interval is null ? "–" : Text($"[{interval.Lower:0.000}, {interval.Upper:0.000}]");

    public static string PercentRange(Interval? interval) => interval is null ? "–" : Text($"[{interval.Lower * 100:0.0}, {interval.Upper * 100:0.0}]");

    public static string Whole(double? value) => value is { } number ? Text($"{number:0}") : "–";

    public static string WholeRange(Interval? interval) => interval is null ? "–" : Text($"[{interval.Lower:0}, {interval.Upper:0}]");

    /// <summary>"p = 0.0367" or "p &lt;0.0001 (...)".</summary>
    public static string P(ComparisonResult comparison)
    {
        var s = comparison.Statistics;
        var p = s.PrimaryP is { } value ? PValueText.Format(value, s.PrimaryLog10P) : "–";
        return p.StartsWith('<') ? $"p {p}" : $"p = {p}";
    }
}
