using System.Globalization;

namespace Cfx.Together;

/// <summary>Reads the wire's times: ISO-8601 text, or Unix seconds as a number.</summary>
internal static class WireTime
{
    private const double LatestUnixSecond = 253_402_300_799;

    public static DateTimeOffset? Read(string? text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return FromUnix(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;
    }

    public static DateTimeOffset? FromUnix(double? seconds) =>
        seconds is >= 0 and <= LatestUnixSecond ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.Value) : null;
}
