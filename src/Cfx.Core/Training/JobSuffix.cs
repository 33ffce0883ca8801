using System.Text;

namespace Cfx.Core.Training;

/// <summary>Names a job so that it is found again at its provider after a lost reply, a crash or on another machine.</summary>
public static class JobSuffix
{
    /// <summary>The longest suffix that every reading of the provider's rules allows.</summary>
    public const int MaxLength = 40;

    private const int FingerprintLength = 8;

    /// <param name="wanted">The user's suffix; letters are lowered, runs of anything but a-z, 0-9 become one hyphen.</param>
    /// <param name="fingerprint">Hexadecimal, 8 digits or more.</param>
    /// <param name="attempt">1 for the first job of a fingerprint; a later one has its number before the fingerprint.</param>
    /// <returns>[a-z0-9-], 40 characters at most, ending in a hyphen and the fingerprint's first 8 digits.</returns>
    public static string Make(string wanted, string fingerprint, int attempt)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(fingerprint);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var tail = (attempt == 1 ? "" : $"-{attempt}") + "-" + fingerprint[..FingerprintLength];
        var stem = Clean(wanted);
        stem = stem[..Math.Min(stem.Length, MaxLength - tail.Length)].TrimEnd('-');
        return (stem.Length == 0 ? "cfx" : stem) + tail;
    }

    private static string Clean(string wanted)
    {
        var stem = new StringBuilder();
        foreach (var c in wanted.ToLowerInvariant())
        {
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                stem.Append(c);
            }
            else if (stem.Length > 0 && stem[^1] != '-')
            {
                stem.Append('-');
            }
        }

        return stem.ToString();
    }
}
