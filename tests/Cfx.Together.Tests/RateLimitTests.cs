using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class RateLimitTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [TestCase("0", 0)]
    [TestCase("12", 12)]
    [TestCase("0.25", 0.25)]
    [TestCase("-3", 0)]
    [TestCase("500", 60, Description = "whatever the unit, never longer than a minute")]
    [TestCase("1800000007", 7)]
    [TestCase("1800000007000", 7)]
    [TestCase("1700000000", 0)]
    [TestCase("250ms", 0.25)]
    [TestCase("6s", 6)]
    [TestCase("1m", 60)]
    [TestCase("0m7.5s", 7.5)]
    [TestCase("1h", 60)]
    [TestCase("2027-01-15T08:00:09Z", 9)]
    [TestCase("soon", 1)]
    [TestCase("", 1)]
    [TestCase(null, 1)]
    [TestCase("NaN", 60)]
    [TestCase("Infinity", 60)]
    [TestCase("1e308", 60)]
    public void The_reset_is_read_in_every_likely_form_and_bounded(string? text, double seconds) =>
        Assert.That(RateLimit.ReadReset(text, Now), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [Test]
    public void No_text_leads_to_more_than_a_minute_or_to_an_error() => Prop.ForAll<string>(
        text => RateLimit.ReadReset(text, Now) is var wait && wait >= TimeSpan.Zero && wait <= RateLimit.LongestReset).QuickCheckThrowOnFailure();

    [TestCase("5", null, 5L, null)]
    [TestCase("0", "900", 0L, 900L)]
    [TestCase(null, "1e3", null, 1000L)]
    [TestCase("0.7", "-4", 0L, 0L)]
    [TestCase("many", "few", null, null)]
    public void What_is_left_is_read_where_it_is_a_number(string? calls, string? tokens, long? expectedCalls, long? expectedTokens)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in new[] { ("x-ratelimit-remaining", calls), ("x-tokenlimit-remaining", tokens), ("x-ratelimit-reset", "3") })
        {
            if (value is not null)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var expected = (expectedCalls ?? expectedTokens) is null ? null : new RateLimit(expectedCalls, expectedTokens, TimeSpan.FromSeconds(3));
        Assert.That(RateLimit.Read(response.Headers, Now), Is.EqualTo(expected));
    }
}
