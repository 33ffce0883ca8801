using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Cfx.Together;

/// <summary>What a reply's headers say of the calls and tokens still allowed.</summary>
/// <param name="Calls">Calls left, 0 or more (<c>x-ratelimit-remaining</c>); null when not told.</param>
/// <param name="Tokens">Tokens left, 0 or more (<c>x-tokenlimit-remaining</c>); null when not told.</param>
/// <param name="Reset">Until there are more, from 0 to <see cref="LongestReset"/>.</param>
internal sealed partial record RateLimit(long? Calls, long? Tokens, TimeSpan Reset)
{
    private const double FirstUnixSecond = 1e9;
    private const double FirstUnixMillisecond = 1e12;

    /// <summary>The longest pause that these headers lead to: their unit is documented nowhere, and a misread one must not look like hanging.</summary>
    public static readonly TimeSpan LongestReset = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan UnknownReset = TimeSpan.FromSeconds(1);

    /// <returns>Null when the headers say nothing of limits.</returns>
    public static RateLimit? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var calls = Count(headers, "x-ratelimit-remaining");
        var tokens = Count(headers, "x-tokenlimit-remaining");
        return (calls ?? tokens) is null ? null : new RateLimit(calls, tokens, ReadReset(Text(headers, "x-ratelimit-reset"), now));
    }

    /// <summary>A bare number is seconds, or a Unix time in seconds or milliseconds when it is as large as one; <c>1m30s</c> and <c>250ms</c> are read as
    /// written. What cannot be read is a second.</summary>
    public static TimeSpan ReadReset(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return UnknownReset;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            var seconds = number switch
            {
                >= FirstUnixMillisecond => (number - now.ToUnixTimeMilliseconds()) / 1000,
                >= FirstUnixSecond => number - now.ToUnixTimeSeconds(),
                _ => number,
            };
            return Within(seconds);
        }

        var parts = Duration().Match(text.Trim());
        return parts.Success && parts.Length > 0
            ? Within(Part(parts, "h") * 3600 + Part(parts, "m") * 60 + Part(parts, "s") + Part(parts, "ms") / 1000)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? Within((date - now).TotalSeconds)
            : UnknownReset;
    }

    // Written so that what is not a number ends at the longest wait, not in an exception.
    private static TimeSpan Within(double seconds) =>
        seconds < LongestReset.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : LongestReset;

    private static double Part(Match match, string name) =>
        match.Groups[name] is { Success: true } group ? double.Parse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture) : 0;

    private static long? Count(HttpResponseHeaders headers, string name) =>
        double.TryParse(Text(headers, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsNaN(value)
            ? (long)Math.Clamp(value, 0, 1e15) : null;

    private static string? Text(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;

    [GeneratedRegex(@"^(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m(?!s))?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+(?:\.\d+)?)ms)?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Duration();
}
