using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Cfx.Core.Generation;

/// <summary>Puts text from data between delimiters that the text cannot close: each carries an id that stands in none of the texts.</summary>
public static partial class PromptSections
{
    /// <summary>Each text between its delimiters, by name.</summary>
    /// <param name="sections">The sections of one prompt: names of letters, digits and underscores, each once, with any text.</param>
    public static IReadOnlyDictionary<string, string> Render(params IReadOnlyList<(string Name, string Text)> sections)
    {
        var id = UnusedId(sections);
        return sections.ToDictionary(
            s => s.Name,
            s => $"<{s.Name} id=\"{id}\">\n{s.Text}\n</{s.Name} id=\"{id}\">",
            StringComparer.Ordinal);
    }

    /// <summary>A section's text as it was given to <see cref="Render"/>; null when the prompt has no such section.</summary>
    /// <param name="prompt">A rendered prompt.</param>
    /// <param name="name">The section's name.</param>
    public static string? Read(string prompt, string name)
    {
        foreach (Match match in Section().Matches(prompt))
        {
            if (match.Groups[1].ValueSpan.SequenceEqual(name))
            {
                return match.Groups[3].Value;
            }
        }

        return null;
    }

    private static string UnusedId(IReadOnlyList<(string Name, string Text)> sections)
    {
        for (var counter = 0; ; counter++)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var number = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(number, counter);
            hash.AppendData(number);
            foreach (var (_, text) in sections)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                BinaryPrimitives.WriteInt32LittleEndian(number, bytes.Length);
                hash.AppendData(number);
                hash.AppendData(bytes);
            }

            var id = Convert.ToHexStringLower(hash.GetHashAndReset(), 0, 4);
            if (!sections.Any(s => s.Text.Contains(id, StringComparison.OrdinalIgnoreCase)))
            {
                return id;
            }
        }
    }

    [GeneratedRegex("""<(\w+) id="([0-9a-f]{8})">\n(.*?)\n</\1 id="\2">""", RegexOptions.Singleline)]
    private static partial Regex Section();
}
