using Cfx.Core;
using Cfx.Core.Generation;

namespace Cfx.Together.Tests;

[TestFixture]
[CancelAfter(60_000)]
public sealed class EarlyStopTests : ClientFixture
{
    [TestCase(401, "Check the key in TOGETHER_API_KEY")]
    [TestCase(402, "spending limit")]
    public void A_refused_key_or_account_stops_everything_at_once(int status, string remedy)
    {
        Server.Always(Chat, Answer.Error(status, "the provider's words"));
        var e = Stopped(() => AskAsync());
        Assert.That(e.Message, Does.Contain($"HTTP {status}: \"the provider's words\"").And.Contain(remedy));
        var later = Stopped(() => AskAsync());
        Assert.That((later.Message, Server.Count(Chat)), Is.EqualTo((e.Message, 1)), "nothing more is sent, and it is one reason");
    }

    [Test]
    public void Another_stage_may_ask_again()
    {
        Server.Once(Chat, Answer.Error(401)).Always(Chat, Answer.Ok(Completion()));
        Stopped(() => AskAsync());
        var other = Client.ChatWith(new CallLimits(1, TimeSpan.Zero), null);
        Assert.That(async () => (await other.CompleteAsync(new ChatRequest("m", [], 0, 1, 1, null), CancellationToken.None)).Content, Is.EqualTo("hi"));
    }

    [TestCase("rate limit", "7200", "2:00:00")]
    [TestCase("You reached your daily quota", null, "The day's quota is spent")]
    [TestCase("limit of 500 requests per day", null, "The day's quota is spent")]
    [TestCase("tokens/day exceeded", "3", "The day's quota is spent")]
    public void A_days_quota_is_not_waited_out(string words, string? retryAfter, string expected)
    {
        var answer = Answer.Error(429, words);
        Server.Always(Chat, retryAfter is null ? answer : answer.With("Retry-After", retryAfter));
        var e = Stopped(() => AskAsync());
        Assert.That(e.Message, Does.Contain(words).And.Contain(expected).And.Not.Contain("attempts"));
        Assert.That((Server.Count(Chat), Time.Waits.Where(w => w < TimeSpan.FromMinutes(5))), Is.EqualTo((1, Array.Empty<TimeSpan>())));
    }

    [TestCase("rate limit for today's model")]
    [TestCase("6 requests per minute")]
    public async Task A_limit_that_passes_soon_is_waited_out(string words)
    {
        Server.Once(Chat, Answer.Error(429, words)).Always(Chat, Answer.Ok(Completion()));
        Assert.That((await AskAsync()).Content, Is.EqualTo("hi"));
    }

    [Test]
    public async Task When_nearly_all_calls_fail_for_one_reason_it_is_said_once_and_what_waits_is_not_sent()
    {
        Use(Options with { Attempts = 2, MaxConcurrency = 1 });
        Server.Always(Chat, Answer.Ok(Completion()));
        await AskAsync();
        Server.Always(Chat, Answer.Error(500, "broken"));
        var faults = new List<Exception>();
        for (var i = 0; i < 30; i++)
        {
            faults.Add(Assert.CatchAsync<CfxException>(() => AskAsync())!);
        }

        var first = faults.FindIndex(f => f is StageFailedException);
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(18), "19 of 20");
            Assert.That(faults[first].Message, Does.StartWith("19 of the last 20 calls failed for one reason, so no more were made: The chat call to 'org/model' failed"));
            Assert.That(faults.Skip(first).Select(f => f.Message).Distinct().Count(), Is.EqualTo(1));
            Assert.That(Server.Count(Chat), Is.EqualTo(1 + 19 * 2));
        });
    }

    [Test]
    public async Task Calls_that_wait_to_be_tried_again_end_with_the_others()
    {
        // Waits do not end here by themselves.
        var time = new Core.Tests.SkippingTime(TimeSpan.Zero);
        using var client = new TogetherClient(Options, time, Logger);
        Server.Once(Chat, Answer.Error(503, "busy")).Always(Chat, Answer.Error(401, "bad key"));
        var chat = client.ChatWith(new CallLimits(4, TimeSpan.Zero), null);
        var request = new ChatRequest("m", [], 0, 1, 1, null);
        var waiting = chat.CompleteAsync(request, CancellationToken.None);
        Assert.That(() => Logger.Lines.Count, Is.EqualTo(1).After(10_000, 5));
        Stopped(() => chat.CompleteAsync(request, CancellationToken.None));
        Assert.That(Stopped(() => waiting).Message, Does.Contain("bad key"));
        await Task.CompletedTask;
    }

    private static StageFailedException Stopped(Func<Task> call)
    {
        var e = Assert.ThrowsAsync<StageFailedException>(call)!;
        Assert.That(e.ToString(), Does.Not.Contain(Key));
        Assert.That(e.InnerException, Is.Null);
        return e;
    }
}
