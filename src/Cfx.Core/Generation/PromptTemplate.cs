using System.Text;
using System.Text.RegularExpressions;

namespace Cfx.Core.Generation;

/// <summary>A prompt kept as a text file of the project, with placeholders written {{name}}.</summary>
public sealed partial class PromptTemplate
{
    private readonly string[] _parts;

    private PromptTemplate(string path, string text)
    {
        Path = path;
        ContentHash = Artifacts.ContentHash.OfText(text);
        _parts = Placeholder().Split(text);
    }

    public string Path { get; }

    /// <summary>SHA-256 of the text with LF line ends and without closing white space, 64 hex digits: the same on every system's checkout.</summary>
    public string ContentHash { get; }

    /// <summary>Reads a prompt and holds it to the placeholders that its use fills.</summary>
    /// <param name="path">A UTF-8 text file.</param>
    /// <param name="placeholders">The names that must stand in it, each at least once; no others may.</param>
    /// <exception cref="MisuseException">The file is missing, empty, lacks a placeholder or has an unknown one; names file and placeholder.</exception>
    public static PromptTemplate Load(string path, params IReadOnlyCollection<string> placeholders)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"{path}: the prompt cannot be read ({e.Message}); restore the file.", e);
        }

        if (text.Length == 0)
        {
            throw new MisuseException($"{path}: the prompt is empty; restore the file.");
        }

        var found = Placeholder().Matches(text).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var missing = placeholders.Where(p => !found.Contains(p)).Select(Braced).ToList();
        if (missing.Count > 0)
        {
            throw new MisuseException($"{path}: the prompt lacks {string.Join(" and ", missing)}; write it where that text belongs.");
        }

        var unknown = found.Where(f => !placeholders.Contains(f, StringComparer.Ordinal)).Select(Braced).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var known = placeholders.Count == 0 ? "this prompt takes none" : "known are " + string.Join(", ", placeholders.Select(Braced));
            throw new MisuseException($"{path}: the prompt has the unknown placeholder {string.Join(", ", unknown)}; {known}.");
        }

        return new PromptTemplate(path, text);
    }

    /// <summary>The text with each placeholder's value in its place. Values are not looked at again, so one that contains {{name}} stays as it is.</summary>
    /// <param name="values">A value for each placeholder.</param>
    public string Fill(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < _parts.Length; i++)
        {
            // Splitting by a pattern with one group alternates text and name.
            text.Append(i % 2 == 0 ? _parts[i] : values[_parts[i]]);
        }

        return text.ToString();
    }

    private static string Braced(string name) => "{{" + name + "}}";

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Placeholder();
}
