using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Tables of whatever an object or a list holds: every figure with its name.</summary>
internal static class GenericTables
{
    /// <summary>A table of objects: one row each, one column a name under which any of them has a value.</summary>
    public static void Rows(HtmlWriter page, string caption, JsonArray rows)
    {
        var objects = rows.OfType<JsonObject>().ToList();
        var names = objects.SelectMany(o => o.Select(p => p.Key)).Distinct(StringComparer.Ordinal)
            .Where(n => !objects.Any(o => o[n] is JsonObject)).ToList();
        if (names.Count == 0)
        {
            return;
        }

        var table = HtmlTable.Begin(page, caption, [.. names.Select(n => (objects.All(o => o[n] is null || Figures.Number(o[n]) is not null) ? "#" : "") + Heading(n))]);
        foreach (var row in objects)
        {
            table.Row([.. names.Select(n => Figures.Value(row[n]))]);
        }

        table.End();
    }

    // A sign of ours at the front would be taken for a style.
    private static string Heading(string name) => name.Length == 0 || name[0] is '#' or '~' ? " " + name : Figures.Words(name);

    /// <summary>An object's figures as one table, and the lists below it as tables of their own.</summary>
    public static void Node(HtmlWriter page, string caption, JsonNode? node)
    {
        if (node is JsonArray rows)
        {
            Rows(page, caption, rows);
        }
        else if (node is JsonObject fields)
        {
            var single = Figures.Flat(fields).ToList();
            if (single.Count > 0)
            {
                HtmlTable.Fields(page, caption, single);
            }

            foreach (var (name, value) in fields)
            {
                if (value is JsonArray list && list.Any(v => v is JsonObject))
                {
                    Rows(page, $"{caption}: {Figures.Words(name)}", list);
                }
            }
        }
    }
}
