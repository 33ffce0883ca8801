using System.Text;

namespace Cfx.Core.Tests.Reporting.Html;

/// <summary>Reads CSV as RFC 4180 defines it, and nothing else.</summary>
internal static class CsvLine
{
    /// <summary>The cells of all lines, one after the other.</summary>
    public static List<string> Read(string text)
    {
        var cells = new List<string>();
        var i = 0;
        while (i < text.Length)
        {
            var cell = new StringBuilder();
            if (text[i] == '"')
            {
                for (i++; !(text[i] == '"' && (i + 1 == text.Length || text[i + 1] != '"')); i++)
                {
                    i += text[i] == '"' ? 1 : 0;
                    cell.Append(text[i]);
                }

                i++;
            }
            else
            {
                for (; text[i] != ',' && !(text[i] == '\r' && text[i + 1] == '\n'); i++)
                {
                    cell.Append(text[i]);
                }
            }

            cells.Add(cell.ToString());
            i += text[i] == ',' ? 1 : 2;
        }

        return cells;
    }
}
