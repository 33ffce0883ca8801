using System.Globalization;
using System.Text.RegularExpressions;

namespace Cfx.Sandbox;

/// <summary>A scripted fault: which requests go wrong, and how.</summary>
/// <param name="Method">The HTTP method, upper case; <c>*</c> for any.</param>
/// <param name="Route">The route as the API documents it, without the version: <c>/fine-tunes</c>, <c>/files/{id}</c>; <c>*</c> for any. Uploads go to <c>/upload/{id}</c>.</param>
/// <param name="First">The first of those requests that is hit; 1 is the first since the server started.</param>
/// <param name="Count">How many in a row are hit; 1 or more.</param>
/// <param name="Kind">What happens to them.</param>
public sealed partial record FaultRule(string Method, string Route, int First, int Count, FaultKind Kind)
{
    private const string Example = "'POST /fine-tunes #3 drop-after', 'POST /chat/completions 20% server-error' or '* * @30s expired-key'";

    /// <summary>The share of those requests that is hit, above 0 to 1, instead of counted ones; null when they are counted.</summary>
    public double? Rate { get; init; }

    /// <summary>Requests are hit from this long after the server's start; null when that does not matter.</summary>
    public TimeSpan? From { get; init; }

    /// <summary>How much, where the kind has an amount; null for its own.</summary>
    public int? Amount { get; init; }

    /// <summary>Reads <c>POST /fine-tunes #3 drop-after</c>; <c>#3-5</c> hits three in a row, <c>#3-</c> all from the third on,
    /// <c>20%</c> that share, <c>@30s</c> all from 30 seconds after the start, and <c>slow=500</c> gives an amount.</summary>
    /// <exception cref="Core.MisuseException">The text is not of that form.</exception>
    public static FaultRule Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !TryKind(match.Groups["kind"].Value, out var kind))
        {
            throw new Core.MisuseException($"The fault rule '{text}' is not of the form {Example} (kinds: {string.Join(", ", KindNames())}).");
        }

        var (first, last) = (Whole(match.Groups["first"]), Whole(match.Groups["last"]));
        var rule = new FaultRule(match.Groups["method"].Value, match.Groups["route"].Value, first ?? 1, int.MaxValue, kind)
        {
            Rate = Real(match.Groups["rate"]) / 100,
            From = Real(match.Groups["from"]) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Amount = Whole(match.Groups["amount"]),
        };
        return match.Groups["open"].Success || first is null ? rule : rule with { Count = (last ?? first.Value) - first.Value + 1 };
    }

    /// <summary>Reads rules separated by semicolons.</summary>
    /// <exception cref="Core.MisuseException">One of them is not of the form.</exception>
    public static IReadOnlyList<FaultRule> ParseAll(string text) =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    /// <summary>A kind's name in scripts and in the ledger: lower case, words joined by hyphens.</summary>
    public static string NameOf(FaultKind kind) => WordStart().Replace(kind.ToString(), "-$0").ToLowerInvariant();

    /// <summary>The kind that has this name.</summary>
    /// <exception cref="Core.MisuseException">There is none.</exception>
    public static FaultKind KindOf(string name) => TryKind(name, out var kind)
        ? kind
        : throw new Core.MisuseException($"There is no fault '{name}'; there are {string.Join(", ", KindNames())}.");

    internal bool Concerns(string method, string route) =>
        (Method is "*" || string.Equals(Method, method, StringComparison.Ordinal))
        && (Route is "*" || string.Equals(Route, route, StringComparison.Ordinal))
        && FaultMix.Fits(Kind, method, route);

    internal bool Hits(int occurrence) => occurrence >= First && occurrence - First < Count;

    internal string? Fault()
    {
        if (First < 1 || Count < 1)
        {
            return $"fault rule '{Method} {Route}': the request numbers must start at 1 and not run backwards.";
        }

        if (Rate is { } rate && !(rate is > 0 and <= 1))
        {
            return $"fault rule '{Method} {Route}': the share must be above 0% and at most 100%.";
        }

        if (Route is not "*" && !Route.StartsWith('/'))
        {
            return $"fault rule '{Method} {Route}': the route must start with '/', as in /fine-tunes.";
        }

        return FaultMix.Fits(Kind, Method, Route) ? null : $"fault rule '{Method} {Route}': {NameOf(Kind)} cannot befall these requests.";
    }

    private static int? Whole(Group group) => !group.Success ? null
        : int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static double? Real(Group group) => group.Success ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;

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

    [GeneratedRegex(@"^\s*(?<method>[A-Z]+|\*)\s+(?<route>/\S*|\*)\s+(?:#(?<first>\d+)(?:(?<open>-)(?!\d)|-(?<last>\d+))?|(?<rate>\d{1,3}(?:\.\d+)?)%|@(?<from>\d{1,6}(?:\.\d+)?)s)\s+(?<kind>[a-z-]+)(?:=(?<amount>\d+))?\s*$")]
    private static partial Regex Form();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
