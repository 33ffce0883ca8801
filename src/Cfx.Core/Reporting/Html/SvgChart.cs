using System.Globalization;

namespace Cfx.Core.Reporting.Html;

/// <summary>Small charts whose places are shares of the width, so that text keeps its size on every screen.</summary>
internal static class SvgChart
{
    // What the marks at the side take of a curve's width.
    private const double Left = 0.1;

    /// <summary>A point with its interval, and a wider one around it, on an axis with a line at the middle.</summary>
    /// <param name="page">Written to.</param>
    /// <param name="label">What it shows in words, for those who do not see it.</param>
    /// <param name="axis">The ends of the axis.</param>
    /// <param name="middle">Where the line stands.</param>
    /// <param name="point">The estimate.</param>
    /// <param name="inner">Its interval.</param>
    /// <param name="outer">The wider one; null for none.</param>
    public static void Interval(
        HtmlWriter page, string label, (double From, double To) axis, double middle, double point, (double Lower, double Upper) inner, (double Lower, double Upper)? outer)
    {
        page.Open("svg", ("class", "interval"), ("role", "img"), ("aria-label", label), ("width", "100%"), ("height", "28"));
        Line(page, "axis", At(middle, axis), 0, At(middle, axis), 28);
        if (outer is { } wide)
        {
            Line(page, "outer", At(wide.Lower, axis), 14, At(wide.Upper, axis), 14);
        }

        Line(page, "inner", At(inner.Lower, axis), 14, At(inner.Upper, axis), 14);
        page.Void("circle", ("class", "point"), ("cx", Percent(At(point, axis))), ("cy", "14"), ("r", "5.5")).Close();
    }

    /// <summary>The axis under a column of intervals.</summary>
    public static void Axis(HtmlWriter page, (double From, double To) axis, IReadOnlyList<(double Value, string Text)> ticks)
    {
        page.Open("svg", ("class", "ticks"), ("aria-hidden", "true"), ("width", "100%"), ("height", "24"));
        Line(page, "axis", 0, 1, 1, 1);
        for (var i = 0; i < ticks.Count; i++)
        {
            var place = At(ticks[i].Value, axis);
            Line(page, "axis", place, 1, place, 6);
            page.Element("text", ticks[i].Text, ("x", Percent(place)), ("y", "20"), ("text-anchor", i == 0 ? "start" : i == ticks.Count - 1 ? "end" : "middle"));
        }

        page.Close();
    }

    /// <summary>A share as a bar.</summary>
    public static void Bar(HtmlWriter page, double share) => page
        .Open("svg", ("class", "bar"), ("aria-hidden", "true"), ("width", "100%"), ("height", "8"))
        .Void("rect", ("class", "track"), ("x", "0"), ("y", "0"), ("width", "100%"), ("height", "8"), ("rx", "4"))
        .Void("rect", ("class", "fill"), ("x", "0"), ("y", "0"), ("width", Percent(Math.Clamp(share, 0, 1))), ("height", "8"), ("rx", "4"))
        .Close();

    /// <summary>Lines through points: x and y are shares of the chart's width and height, y from below.</summary>
    /// <param name="page">Written to.</param>
    /// <param name="label">What it shows in words.</param>
    /// <param name="series">Each with its class; one called "points" is drawn with its points.</param>
    /// <param name="marks">Texts on the left edge with the heights at which they stand.</param>
    public static void Curves(
        HtmlWriter page, string label, IReadOnlyList<(string Class, IReadOnlyList<(double X, double Y)> Points)> series, IReadOnlyList<(double Y, string Text)> marks)
    {
        page.Open("svg", ("class", "curves"), ("role", "img"), ("aria-label", label), ("width", "100%"), ("height", "180"));
        foreach (var (y, text) in marks)
        {
            Line(page, "grid", Left, 170 - (160 * y), 1, 170 - (160 * y));
            page.Element("text", text, ("x", "0"), ("y", Number(174 - (160 * y))));
        }

        page.Open("svg", ("x", Percent(Left)), ("y", "10"), ("width", Percent(1 - Left)), ("height", "160"), ("viewBox", "0 0 1000 1000"), ("preserveAspectRatio", "none"));
        foreach (var (name, points) in series.Where(s => s.Points.Count > 1))
        {
            page.Void("polyline", ("class", name), ("vector-effect", "non-scaling-stroke"),
                ("points", string.Join(' ', points.Select(p => $"{Number(1000 * p.X)},{Number(1000 * (1 - p.Y))}"))));
        }

        page.Close();
        foreach (var (name, points) in series.Where(s => s.Class == "valid" || s.Points.Count == 1))
        {
            foreach (var (x, y) in points)
            {
                page.Void("circle", ("class", name), ("cx", Percent(Left + ((1 - Left) * x))), ("cy", Number(170 - (160 * y))), ("r", "3.5"));
            }
        }

        page.Close();
    }

    private static void Line(HtmlWriter page, string name, double x1, double y1, double x2, double y2) => page.Void(
        "line", ("class", name), ("x1", Percent(x1)), ("y1", Number(y1)), ("x2", Percent(x2)), ("y2", Number(y2)));

    private static double At(double value, (double From, double To) axis) => Math.Clamp((value - axis.From) / (axis.To - axis.From), 0, 1);

    private static string Percent(double share) => Number(share * 100) + "%";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
