using Cfx.Core.Artifacts;
using Cfx.Core.Training;

namespace Cfx.Together.Serving;

/// <summary>Names leases so that each is found again at its provider after a lost reply, a crash, or on another machine.</summary>
public static class ServingNames
{
    private const string Prefix = "cfx-";
    private const int FingerprintLength = 8;

    /// <summary>The one name of a study's model at a server.</summary>
    /// <returns>[a-z0-9-], at most 40 characters, ending in a hyphen and 8 hexadecimal digits.</returns>
    public static string Of(string study, string model, string server) =>
        JobSuffix.Make(Prefix + study, ContentHash.OfText($"cfx-serving 1\nstudy {study}\nmodel {model}\nserver {server}\n"), 1);

    /// <summary>The key of a study's decision at a server.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="server">The server's identity.</param>
    /// <param name="compared">Models that meet outside the study's own comparisons, whose decision is theirs alone; none for the study's.</param>
    public static string OfStudy(string study, string server, params IReadOnlyCollection<string> compared) => JobSuffix.Make(
        Prefix + study,
        ContentHash.OfText($"cfx-serving-way 1\nstudy {study}\nserver {server}\n{string.Concat(compared.Order(StringComparer.Ordinal).Select(m => $"compared {m}\n"))}"), 1);

    /// <summary>Whether a name has the form that this project gives.</summary>
    public static bool IsOurs(string? name) =>
        name is { Length: <= JobSuffix.MaxLength } && name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length >= Prefix.Length + FingerprintLength
        && name[^(FingerprintLength + 1)] == '-' && name[^FingerprintLength..].All(char.IsAsciiHexDigitLower)
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether a name has the form that a study's models have.</summary>
    public static bool IsOfStudy(string? name, string study) =>
        IsOurs(name) && string.Equals(name![..^FingerprintLength], OfStudy(study, "")[..^FingerprintLength], StringComparison.Ordinal);
}
