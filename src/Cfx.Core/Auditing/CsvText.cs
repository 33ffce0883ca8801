using System.Text;

namespace Cfx.Core.Auditing;

/// <summary>Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet.</summary>
public static class CsvText
{
    // What makes a spreadsheet take a cell for a formula, their full-width forms included.
    private const string Dangerous = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>One record with its line end. A cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Line(params IEnumerable<string> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>Reads records; cells may hold line ends. The separator is a comma, or the semicolon that spreadsheets write in some countries, as the first line
    /// has it.</summary>
    /// <param name="text">With or without a byte order mark; lines end in CRLF or LF.</param>
    /// <returns>Each cell with the line that it begins on; the first is 1. Empty lines are passed over.</returns>
    /// <exception cref="FormatException">A quoted cell does not end, or text follows its end; says the line.</exception>
    public static IEnumerable<IReadOnlyList<(string Text, int Line)>> Read(string text)
    {
        var start = text.StartsWith('\uFEFF') ? 1 : 0;
        var separator = Separator(text.AsSpan(start));
        var cells = new List<(string, int)>();
        var (at, line) = (start, 1);
        while (at < text.Length)
        {
            var begun = line;
            string cell;
            if (text[at] == '"')
            {
                (cell, at) = Quoted(text, at + 1, ref line);
            }
            else
            {
                var end = text.AsSpan(at).IndexOfAny(separator, '\r', '\n') is >= 0 and var length ? at + length : text.Length;
                (cell, at) = (text[at..end], end);
            }

            cells.Add((cell, begun));
            if (at < text.Length && text[at] == separator)
            {
                at++;
                if (at < text.Length)
                {
                    continue;
                }

                cells.Add((string.Empty, line));
            }
            else if (at < text.Length && text[at] is not ('\r' or '\n'))
            {
                throw new FormatException($"line {line}: text after a closing quote");
            }

            if (cells.Count > 1 || cells[0].Item1.Length > 0)
            {
                yield return cells;
            }

            cells = [];
            at += at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
            line++;
        }
    }

    private static char Separator(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        return first.Count(';') > first.Count(',') ? ';' : ',';
    }

    private static (string Cell, int At) Quoted(string text, int at, ref int line)
    {
        var begun = line;
        var cell = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] == '"')
            {
                if (at + 1 >= text.Length || text[at + 1] != '"')
                {
                    return (cell.ToString(), at + 1);
                }

                at++;
            }
            else if (text[at] == '\n' || (text[at] == '\r' && (at + 1 >= text.Length || text[at + 1] != '\n')))
            {
                line++;
            }

            cell.Append(text[at++]);
        }

        throw new FormatException($"line {begun}: a quoted cell does not end");
    }

    private static string Cell(string text)
    {
        var safe = text.Length > 0 && Dangerous.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",;\"\r\n") >= 0 || safe.Trim() != safe ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
