using System.Globalization;

namespace Cfx.Core.Artifacts;

/// <summary>Makes a part of a file's name from a name that is not ours, such as a model's.</summary>
public static class SafeFileName
{
    /// <summary>Longest result: two with their endings still fit into a file's name.</summary>
    public const int MaxLength = 90;

    /// <param name="name">Any text.</param>
    /// <returns>Not empty; ASCII letters, digits, '.', '-' and '_' alone, with neither a '.' nor a '-' at its ends, so that it names nothing outside of
    /// its folder. What had to be cut ends in a hash of the whole.</returns>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).Trim('.', '-');
        if (safe.Length is > 0 and <= MaxLength)
        {
            return safe;
        }

        var hash = ContentHash.OfText(name)[..8];
        return safe.Length == 0 ? hash : string.Create(CultureInfo.InvariantCulture, $"{safe[..(MaxLength - 9)]}-{hash}");
    }
}
