using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class CallMeterTests : ClientFixture
{
    private static readonly ChatRequest Request = new("org/model", [new Message(Roles.User, "hello")], 0, 1, 10, null);
    private RecordingMeter _meter = null!;

    [SetUp]
    public void Measure() => _meter = new RecordingMeter();

    [Test]
    public async Task Every_attempt_is_opened_and_ended_once_by_what_came_of_it()
    {
        Server
            .Once(Chat, Answer.Error(429, "slow down"))
            .Once(Chat, Answer.Error(503, "busy"))
            .Once(Chat, new Answer(502, "<html>bad gateway</html>"))
            .Once(Chat, new Answer(500, ""))
            .Once(Chat, new Answer(200, "", Break: Break.BeforeTheReply))
            .Once(Chat, new Answer(200, Completion(), Break: Break.WithinTheBody))
            .Once(Chat, Answer.Ok(Completion()[..40]))
            .Once(Chat, Answer.Ok("""{"choices":[]}"""))
            .Once(Chat, Answer.Ok(Completion("half", "error")))
            .Always(Chat, Answer.Ok(Completion()));
        Use(Options with { Attempts = 10 });
        await AskMeteredAsync();
        Assert.That(_meter.Ends, Is.EqualTo(new[]
        {
            "released", "released", "unclear", "unclear", "unclear", "unclear", "unclear", "unclear", "unclear", "settled 3+4",
        }));
        Assert.That(_meter.Opened, Is.EqualTo(10));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(402)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(422)]
    [TestCase(302)]
    public void A_refused_call_costs_nothing(int status)
    {
        Server.Always(Chat, new Answer(status, ""));
        Assert.CatchAsync<CfxException>(() => AskMeteredAsync());
        Assert.That(_meter.Ends, Is.EqualTo(new[] { "released" }));
    }

    [Test]
    public async Task A_call_that_was_never_sent_costs_nothing()
    {
        Use(Options with { Attempts = 2 });
        await Server.DisposeAsync();
        Failure(() => AskMeteredAsync());
        Assert.That(_meter.Ends, Is.EqualTo(new[] { "released", "released" }));
    }

    [Test]
    public void A_call_that_timed_out_may_have_cost_the_most()
    {
        Use(Options with { RequestTimeout = TimeSpan.FromSeconds(40), Attempts = 2 });
        Server.Always(Chat, new Answer(200, "", Break: Break.Never));
        Failure(() => AskMeteredAsync());
        Assert.That(_meter.Ends, Is.EqualTo(new[] { "unclear", "unclear" }));
    }

    [Test]
    public void What_the_budget_forbids_is_not_sent_and_not_tried_again([Values] bool first)
    {
        Server.Always(Chat, Answer.Error(503, "busy"));
        _meter.Before = number =>
        {
            if (first || number == 3)
            {
                throw new BudgetReachedException("The budget is spent.");
            }
        };
        Assert.That(
            Assert.ThrowsAsync<BudgetReachedException>(() => AskMeteredAsync())!.Message, Is.EqualTo("The budget is spent."));
        Assert.That((Server.Count(Chat), _meter.Ends.Count), Is.EqualTo(first ? (0, 0) : (2, 2)));
    }

    [Test]
    public void An_unknown_price_is_told_as_it_is()
    {
        _meter.Before = _ => throw new MisuseException("No price is known.");
        Assert.ThrowsAsync<MisuseException>(() => AskMeteredAsync());
        Assert.That(Server.Received, Is.Empty);
    }

    private Task<ChatReply> AskMeteredAsync() =>
        Client.ChatWith(new CallLimits(4, TimeSpan.Zero), _meter).CompleteAsync(Request, CancellationToken.None);
}
