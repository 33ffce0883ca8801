using Cfx.Build.Host;

namespace Cfx.Build.Composition;

/// <summary>Rows in aligned columns, for people.</summary>
internal static class TextTable
{
    public static void Write(HostConsole console, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = head.Select((h, i) => rows.Select(r => r[i].Length).Append(h.Length).Max()).ToArray();
        Line(head);
        Line([.. widths.Select(w => new string('-', w))]);
        foreach (var row in rows)
        {
            Line(row);
        }

        void Line(IReadOnlyList<string> cells) =>
            console.WriteLine(string.Join("  ", cells.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
    }
}
