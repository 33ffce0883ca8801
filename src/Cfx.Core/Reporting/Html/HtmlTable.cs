using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>A table with a caption, headed columns and headed rows, that scrolls by itself where the page is narrow.</summary>
internal sealed class HtmlTable
{
    private readonly HtmlWriter _page;
    private readonly string?[] _classes;

    private HtmlTable(HtmlWriter page, string?[] classes)
    {
        _page = page;
        _classes = classes;
    }

    /// <summary>Begins a table.</summary>
    /// <param name="page">Written to.</param>
    /// <param name="caption">What the table shows.</param>
    /// <param name="columns">Headings; one that begins with # stands over numbers, one with ~ over long texts. The first column heads its row.</param>
    public static HtmlTable Begin(HtmlWriter page, string caption, params IReadOnlyList<string> columns)
    {
        page.Open("div", ("class", "scroll"), ("role", "region"), ("aria-label", caption), ("tabindex", "0")).Open("table")
            .Element("caption", caption).Open("thead").Open("tr");
        foreach (var column in columns)
        {
            page.Element("th", column.TrimStart('#', '~'), ("scope", "col"), ("class", Style(column)));
        }

        page.Close().Close().Open("tbody").Line();
        return new HtmlTable(page, [.. columns.Select(Style)]);
    }

    /// <summary>One row, a text for each column.</summary>
    public HtmlTable Row(params ReadOnlySpan<string> cells)
    {
        _page.Open("tr");
        for (var i = 0; i < cells.Length; i++)
        {
            if (i == 0)
            {
                _page.Open("th", ("scope", "row"), ("class", _classes[i])).Name(cells[i]).Close();
            }
            else
            {
                _page.Open("td", ("class", _classes[i])).Name(cells[i]).Close();
            }
        }

        _page.Close().Line();
        return this;
    }

    public void End() => _page.Close().Close().Close().Line();

    /// <summary>Names and values of an object, whatever it holds.</summary>
    public static void Fields(HtmlWriter page, string caption, IEnumerable<(string Name, JsonNode? Value)> fields)
    {
        var table = Begin(page, caption, "figure", "~value");
        foreach (var (name, value) in fields)
        {
            table.Row(name, Figures.Value(value));
        }

        table.End();
    }

    private static string? Style(string column) => column[0] switch { '#' => "n", '~' => "w", _ => null };
}
