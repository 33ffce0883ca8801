using System.Text.Json;

namespace Cfx.Build.Host;

/// <summary>Replaces secrets wherever text leaves the program: as they are, as a URL spells them and as JSON does.</summary>
public sealed class SecretMask
{
    private const string Replacement = "***";

    private readonly string[] _spellings;

    /// <param name="secrets">Values to hide; those under six characters are left out, because hiding them would make text unreadable and they
    /// guard nothing.</param>
    public SecretMask(IEnumerable<string?> secrets)
    {
        _spellings =
        [
            .. secrets
                .Where(s => s is { Length: >= 6 })
                .SelectMany(s => new[] { s!, Uri.EscapeDataString(s!), JsonEncodedText.Encode(s!).ToString() })
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(s => s.Length),
        ];
    }

    /// <summary>The text with every secret replaced.</summary>
    public string Apply(string text)
    {
        foreach (var spelling in _spellings)
        {
            text = text.Replace(spelling, Replacement, StringComparison.Ordinal);
        }

        return text;
    }
}
