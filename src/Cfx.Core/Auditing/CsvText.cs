using System.Text;

namespace Cfx.Core.Auditing;

/// <summary>Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet.</summary>
/// <remarks>Where the semicolon is the separator of lists, a spreadsheet cuts a line at semicolons and does not heed quotes within it, so that what follows a
/// semicolon or line end inside a text may become a cell of its own. Such a beginning must be as harmless as a cell's own.</remarks>
public static class CsvText
{
    /// <summary>Begins a file that spreadsheets are to read as UTF-8.</summary>
    public const string ByteOrderMark = "\uFEFF";

    // What makes a spreadsheet take a cell for a formula, their full-width forms included.
    private const string Dangerous = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    // Not seen, and no formula begins with it.
    private const char Harmless = '\u200B';

    /// <summary>One record with its line end, each text in quotes.</summary>
    public static string Line(params IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>One cell. Text that a spreadsheet would take for a formula begins with an apostrophe; within it, a space of no width stands before what
    /// follows a semicolon, tab or line end, with or without spaces, and would be taken for one.</summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        // Numbers and plain words need no quotes.
        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ? text : $"\"{Neutral(text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text as it was before it was written into a sheet and saved by a spreadsheet, as far as that changes texts: marks against formulas are gone,
    /// line ends are line feeds, the ends are trimmed. Texts that differ otherwise stay different.</summary>
    public static string Normal(string cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return cell.Replace("\u200B", string.Empty, StringComparison.Ordinal).ReplaceLineEndings("\n").Trim().TrimStart('\'').TrimStart();
    }

    private static string Neutral(string text)
    {
        var neutral = new StringBuilder(text.Length + 8);
        var isBeginning = true;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (Dangerous.Contains(c, StringComparison.Ordinal))
            {
                if (i == 0)
                {
                    neutral.Append('\'');
                }
                else if (isBeginning && c is not ('\t' or '\r' or '\n'))
                {
                    neutral.Append(Harmless);
                }
            }

            neutral.Append(c);
            // Spaces and quotes are passed over when a cell is read.
            isBeginning = c is ';' or '\t' or '\r' or '\n' || (isBeginning && (char.IsWhiteSpace(c) || c is '"' or '\''));
        }

        return neutral.ToString();
    }

    /// <summary>Reads records; cells may hold line ends. The separator is a comma, or the semicolon or tab that spreadsheets write in some countries, as the
    /// first line has it.</summary>
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
        return (first.Count(';'), first.Count('\t')) is var (semicolons, tabs) && Math.Max(semicolons, tabs) > first.Count(',') ? semicolons >= tabs ? ';' : '\t' : ',';
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
}
