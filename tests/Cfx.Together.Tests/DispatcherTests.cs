using Cfx.Core.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Together.Tests;

[TestFixture]
[CancelAfter(60_000)]
public sealed class DispatcherTests
{
    private static readonly CallLimits Free = new(64, TimeSpan.Zero);

    [Test]
    public void No_more_calls_are_in_flight_than_the_stage_and_the_window_allow() => Prop.ForAll(
        Gen.Choose(1, 64).ToArbitrary(),
        Gen.Choose(0, 9).ToArbitrary(),
        (max, refusedOfTen) =>
        {
            var dispatcher = new Dispatcher(new SkippingTime());
            var limits = new CallLimits(max, TimeSpan.Zero);
            int inFlight = 0, over = 0, served = 0;
            Task.WaitAll([.. Enumerable.Range(0, 150).Select(async i =>
            {
                using var slot = await dispatcher.EnterAsync(limits, CancellationToken.None);
                var now = Interlocked.Increment(ref inFlight);
                Interlocked.Add(ref over, now > max ? 1 : 0);
                await Task.Yield();
                Interlocked.Increment(ref served);
                Interlocked.Decrement(ref inFlight);
                if (i % 10 < refusedOfTen)
                {
                    slot.Refused(429, null);
                }
                else
                {
                    slot.Good();
                }
            })]);
            return over == 0 && served == 150 && dispatcher.Limit >= 1 && dispatcher.Limit <= Math.Max(16, max);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Calls_start_as_far_apart_as_each_stage_says_and_after_every_pause() => Prop.ForAll(
        Gen.ListOf(Gen.Zip(Gen.Choose(0, 5), Gen.Zip(Gen.Choose(0, 7), Gen.Choose(0, 20)))).ToArbitrary(),
        calls =>
        {
            var time = new SkippingTime();
            var dispatcher = new Dispatcher(time);
            var (earliest, pausedUntil) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
            foreach (var (delay, (work, pause)) in calls)
            {
                var limits = new CallLimits(4, TimeSpan.FromSeconds(delay));
                using var slot = Enter(dispatcher, limits);
                var start = time.GetUtcNow();
                if (start < earliest || start < pausedUntil)
                {
                    return false;
                }

                earliest = start + limits.Delay;
                time.Advance(TimeSpan.FromSeconds(work));
                if (pause > 12)
                {
                    slot.Refused(503, TimeSpan.FromSeconds(pause));
                    pausedUntil = time.GetUtcNow() + TimeSpan.FromSeconds(pause);
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_stage_that_allows_less_waits_until_there_are_fewer_calls_of_all_stages_and_keeps_its_place()
    {
        var dispatcher = new Dispatcher(new SkippingTime());
        var others = Enumerable.Range(0, 3).Select(_ => Enter(dispatcher, Free)).ToList();
        var modest = dispatcher.EnterAsync(new CallLimits(2, TimeSpan.Zero), CancellationToken.None);
        var behind = dispatcher.EnterAsync(Free, CancellationToken.None);
        others[0].Dispose();
        Assert.That((modest.IsCompleted, behind.IsCompleted), Is.EqualTo((false, false)), "first come, first served");
        others[1].Dispose();
        Assert.That(() => modest.IsCompleted && behind.IsCompleted, Is.True.After(10_000, 5));
    }

    [Test]
    public void One_that_leaves_the_queue_lets_the_next_go_on()
    {
        var dispatcher = new Dispatcher(new SkippingTime());
        var one = new CallLimits(1, TimeSpan.Zero);
        using var stop = new CancellationTokenSource();
        var first = Enter(dispatcher, one);
        var leaving = dispatcher.EnterAsync(one, stop.Token);
        var staying = dispatcher.EnterAsync(new CallLimits(2, TimeSpan.Zero), CancellationToken.None);
        Assert.That(staying.IsCompleted, Is.False);
        stop.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => leaving);
        Assert.That(() => staying.IsCompleted, Is.True.After(10_000, 5));
        first.Dispose();
        first.Dispose();
        staying.Result.Dispose();
        using var last = Enter(dispatcher, one);
    }

    [Test]
    public void When_no_call_is_left_the_next_waits_for_the_reset()
    {
        var time = new SkippingTime();
        var dispatcher = new Dispatcher(time);
        Heed(0, null, 7);
        Assert.That(time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(7) }));
        Heed(5, 0, 9);
        Assert.That(time.Waits.Skip(1), Is.EqualTo(new[] { TimeSpan.FromSeconds(9) }), "tokens count as well");

        void Heed(long? calls, long? tokens, int reset)
        {
            using (var slot = Enter(dispatcher, Free))
            {
                slot.Heed(new RateLimit(calls, tokens, TimeSpan.FromSeconds(reset)));
            }

            Enter(dispatcher, Free).Dispose();
        }
    }

    [Test]
    public void As_many_calls_start_as_are_left_and_no_more_before_the_reset()
    {
        var time = new SkippingTime();
        var dispatcher = new Dispatcher(time);
        var slots = Enumerable.Range(0, 3).Select(_ => Enter(dispatcher, Free)).ToList();
        // Two were sent after the one whose reply tells of five left.
        slots[0].Heed(new RateLimit(5, null, TimeSpan.FromSeconds(30)));
        for (var i = 0; i < 3; i++)
        {
            slots.Add(Enter(dispatcher, Free));
        }

        Assert.That(time.Waits, Is.Empty);
        slots.Add(Enter(dispatcher, Free));
        Assert.That(time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(30) }));
    }

    private static Dispatcher.Slot Enter(Dispatcher dispatcher, CallLimits limits) =>
        dispatcher.EnterAsync(limits, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System).GetAwaiter().GetResult();
}
