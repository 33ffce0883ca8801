using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Tests;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Together.Tests;

/// <summary>What becomes of calls in flight when the run is told to stop.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class GraceTests : ClientFixture
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);
    private RecordingMeter _meter = null!;

    [SetUp]
    public void Measure() => _meter = new RecordingMeter();

    [Test]
    public async Task A_call_that_was_sent_comes_in_and_is_stored_after_the_run_was_told_to_stop()
    {
        // On this clock no grace ever ends by itself.
        using var client = new TogetherClient(Options, new SkippingTime(TimeSpan.FromSeconds(3)), Logger);
        using var stop = new CancellationTokenSource();
        Server.Always(Chat, Answer.Ok(Completion()));
        Server.Gate = () => stop.CancelAsync();
        await using var store = ResponseStore.Open(new StoreOptions(Folder["responses.db"]), Time, NullLogger.Instance);
        var model = new StoredChatModel(client.ChatWith(new CallLimits(4, TimeSpan.Zero), _meter), store, new CallOrigin("s", "process", "study"), Time);
        Assert.That((await model.CompleteAsync(Request("a"), stop.Token)).Content, Is.EqualTo("hi"));
        Assert.CatchAsync<OperationCanceledException>(() => model.CompleteAsync(Request("b"), stop.Token));
        Assert.That((Server.Count(Chat), store.Counts.Asked, store.Counts.Failed), Is.EqualTo((1, 1L, 0L)));
        Assert.That(_meter.Ends, Is.EqualTo(new[] { "settled 3+4" }));
    }

    [Test]
    public void A_call_that_does_not_come_in_is_abandoned_after_four_seconds_and_counts_as_unclear()
    {
        using var stop = new CancellationTokenSource();
        Server.Always(Chat, new Answer(200, "", Break: Break.Never));
        Server.Gate = () => stop.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => AskAsync(stop.Token));
        Assert.That(Time.Waits, Is.EqualTo(new[] { Grace }));
        Assert.That(_meter.Ends, Is.EqualTo(new[] { "unclear" }));
    }

    [TestCase(503)]
    [TestCase(200)]
    public void A_call_that_fails_while_the_run_is_being_stopped_is_not_sent_again(int status)
    {
        using var stop = new CancellationTokenSource();
        Server.Always(Chat, status == 200 ? new Answer(200, "", Break: Break.BeforeTheReply) : Answer.Error(status, "busy"));
        Server.Gate = () => stop.CancelAsync();
        using var client = new TogetherClient(Options, new SkippingTime(TimeSpan.FromSeconds(3)), Logger);
        Assert.CatchAsync<OperationCanceledException>(
            () => client.ChatWith(new CallLimits(4, TimeSpan.Zero), _meter).CompleteAsync(Request("a"), stop.Token));
        Assert.That((Server.Count(Chat), _meter.Ends.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Calls_of_a_stream_that_is_stopped_all_end_and_none_begins()
    {
        using var stop = new CancellationTokenSource();
        var (arrived, asked) = (0, 0);
        Server.Always(Chat, new Answer(200, "", Break: Break.Never));
        Server.Gate = () => Interlocked.Increment(ref arrived) == 8 ? stop.CancelAsync() : Task.CompletedTask;
        var chat = Client.ChatWith(new CallLimits(8, TimeSpan.Zero), _meter);
        var replies = OrderedParallel.SelectAsync(
            Enumerable.Range(0, 1000).ToAsyncEnumerable(),
            16,
            (i, token) =>
            {
                Interlocked.Increment(ref asked);
                return chat.CompleteAsync(Request($"{i}"), token);
            },
            stop.Token);
        Assert.CatchAsync<OperationCanceledException>(async () => await replies.CountAsync());
        Assert.That((Server.Count(Chat), _meter.Opened, _meter.Ends.Count), Is.EqualTo((8, 8, 8)));
        Assert.That(asked, Is.LessThanOrEqualTo(16));
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_stage_that_ends_by_itself_lets_calls_in_flight_come_in_and_sends_no_more()
    {
        using var run = new CancellationTokenSource();
        using var stage = new CancellationTokenSource();
        using var client = new TogetherClient(Options, Time, Logger, run.Token);
        Server.Once(Chat, Answer.Error(503, "busy")).Always(Chat, Answer.Ok(Completion()));
        Server.Gate = () => stage.CancelAsync();
        var chat = client.ChatWith(new CallLimits(4, TimeSpan.Zero), _meter);
        Assert.CatchAsync<OperationCanceledException>(() => chat.CompleteAsync(Request("a"), stage.Token));
        Assert.That(Server.Count(Chat), Is.EqualTo(1));

        using var other = new CancellationTokenSource();
        Server.Gate = () => other.CancelAsync();
        Assert.That((await chat.CompleteAsync(Request("a"), other.Token)).Content, Is.EqualTo("hi"));
        Assert.That((_meter.Ends, Time.Waits.Contains(Grace)), Is.EqualTo((new[] { "released", "settled 3+4" }, false)));
    }

    [Test]
    public void The_end_of_the_run_ends_a_call_though_its_stage_goes_on()
    {
        using var run = new CancellationTokenSource();
        using var client = new TogetherClient(Options with { Attempts = 3 }, Time, Logger, run.Token);
        Server.Always(Chat, new Answer(200, "", Break: Break.Never));
        Server.Gate = () => run.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(
            () => client.ChatWith(new CallLimits(4, TimeSpan.Zero), _meter).CompleteAsync(Request("a"), CancellationToken.None));
        Assert.That(Time.Waits, Is.EqualTo(new[] { Grace }));
    }

    [Test]
    public void What_costs_nothing_is_given_up_at_once()
    {
        using var stop = new CancellationTokenSource();
        Server.Always("GET /v1/models", new Answer(200, "", Break: Break.Never));
        Server.Gate = () => stop.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Client.Models.ListAsync(stop.Token));
        Assert.That(Time.Waits, Is.Empty);
    }

    private static ChatRequest Request(string text) => new("org/model", [new Message(Roles.User, text)], 0, 1, 10, null);

    private Task<ChatReply> AskAsync(CancellationToken stop) =>
        Client.ChatWith(new CallLimits(4, TimeSpan.Zero), _meter).CompleteAsync(Request("a"), stop);
}
