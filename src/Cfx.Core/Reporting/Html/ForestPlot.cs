using System.Globalization;

namespace Cfx.Core.Reporting.Html;

/// <summary>Shares with their intervals under one another on a common axis.</summary>
internal static class ForestPlot
{
    /// <summary>One line of the plot.</summary>
    /// <param name="Tone">A class that colours it: better, worse or open.</param>
    /// <param name="Name">Stands first, in bold.</param>
    /// <param name="Rest">Stands after it; null for nothing.</param>
    /// <param name="Heard">What the line shows in words, before its figures.</param>
    /// <param name="Share">The estimate, 0 to 1.</param>
    /// <param name="Interval">At 95 %.</param>
    /// <param name="Outer">A wider one; null for none.</param>
    public sealed record Line(
        string Tone, string Name, string? Rest, string Heard, double Share, (double Lower, double Upper) Interval, (double Lower, double Upper)? Outer = null);

    /// <summary>Draws the lines about one half; nothing where there is none.</summary>
    /// <param name="page">Written to.</param>
    /// <param name="lines">From above.</param>
    /// <param name="left">What the left side of the axis means.</param>
    /// <param name="right">What the right side means.</param>
    public static void Draw(HtmlWriter page, IReadOnlyList<Line> lines, string left, string right)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var widest = lines.SelectMany(l => new[] { l.Interval, l.Outer ?? l.Interval }).Max(i => Math.Max(Math.Abs(i.Lower - 0.5), Math.Abs(i.Upper - 0.5)));
        var reach = Math.Clamp(Math.Ceiling(widest * 20) / 20, 0.1, 0.5);
        var axis = (0.5 - reach, 0.5 + reach);
        page.Open("div", ("class", "forest"));
        foreach (var line in lines)
        {
            page.Open("div", ("class", "row " + line.Tone)).Open("div", ("class", "label")).Open("strong").Name(line.Name).Close();
            if (line.Rest is not null)
            {
                page.Text(" ").Name(line.Rest);
            }

            page.Close().Open("div", ("class", "plot"));
            SvgChart.Interval(
                page, $"{line.Heard} {Figures.Percent(line.Share)}, 95 % interval {Figures.Percent(line.Interval)}", axis, 0.5, line.Share, line.Interval, line.Outer);
            page.Close().Open("div", ("class", "value")).Element("strong", Figures.Percent(line.Share)).Text(" ")
                .Element("span", Figures.Percent(line.Interval)).Close().Close().Line();
        }

        page.Open("div", ("class", "row foot")).Open("div", ("class", "label")).Close().Open("div", ("class", "plot"));
        SvgChart.Axis(page, axis,
        [
            .. new[] { -1, -0.5, 0, 0.5, 1 }.Select(s => 0.5 + (s * reach))
                .Select(v => (v, (v * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %")),
        ]);
        page.Open("div", ("class", "sides"), ("aria-hidden", "true")).Element("span", $"← {left}").Element("span", $"{right} →").Close()
            .Close().Open("div", ("class", "value")).Close().Close().Close().Line();
    }

    /// <summary>The tone of a share by where its interval lies.</summary>
    public static string Tone((double Lower, double Upper) interval) => interval.Lower > 0.5 ? "better" : interval.Upper < 0.5 ? "worse" : "open";
}
