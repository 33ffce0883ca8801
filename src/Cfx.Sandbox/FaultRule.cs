using System.Globalization;
using System.Text.RegularExpressions;

namespace Cfx.Sandbox;

/// <summary>A scripted fault: which request of which route goes wrong, and how.</summary>
/// <param name="Method">The HTTP method, upper case.</param>
/// <param name="Route">The route as the API documents it, without the version: <c>/fine-tunes</c>, <c>/files/{id}</c>. Uploads go to <c>/upload/{id}</c>.</param>
/// <param name="First">The first request of that route that is hit; 1 is the first since the server started.</param>
/// <param name="Count">How many in a row are hit; 1 or more.</param>
/// <param name="Kind">What happens to them.</param>
public sealed partial record FaultRule(string Method, string Route, int First, int Count, FaultKind Kind)
{
    /// <summary>Reads <c>POST /fine-tunes #3 drop-after</c>; <c>#3-5</c> hits three in a row.</summary>
    /// <exception cref="Core.MisuseException">The text is not of that form.</exception>
    public static FaultRule Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success
            || !TryKind(match.Groups["kind"].Value, out var kind)
            || !int.TryParse(match.Groups["first"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var first))
        {
            throw new Core.MisuseException(
                $"The fault rule '{text}' is not of the form 'POST /fine-tunes #3 drop-after' (kinds: {string.Join(", ", KindNames())}).");
        }

        var last = first;
        if (match.Groups["last"].Success
            && !int.TryParse(match.Groups["last"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out last))
        {
            last = 0;
        }

        return new FaultRule(match.Groups["method"].Value, match.Groups["route"].Value, first, last - first + 1, kind);
    }

    /// <summary>A kind's name in scripts and in the ledger: lower case, words joined by hyphens.</summary>
    public static string NameOf(FaultKind kind) => WordStart().Replace(kind.ToString(), "-$0").ToLowerInvariant();

    internal bool Hits(int occurrence) => occurrence >= First && occurrence - First < Count;

    internal string? Fault()
    {
        if (First < 1 || Count < 1)
        {
            return $"fault rule '{Method} {Route}': the request numbers must start at 1 and not run backwards.";
        }

        return Route.StartsWith('/') ? null : $"fault rule '{Method} {Route}': the route must start with '/', as in /fine-tunes.";
    }

    private static IEnumerable<string> KindNames() => Enum.GetValues<FaultKind>().Select(NameOf);

    private static bool TryKind(string name, out FaultKind kind)
    {
        foreach (var candidate in Enum.GetValues<FaultKind>())
        {
            if (string.Equals(NameOf(candidate), name, StringComparison.Ordinal))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<route>/\S*) #(?<first>\d{1,9})(-(?<last>\d{1,9}))? (?<kind>[a-z-]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
