using Cfx.Core.Generation;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Generation;

public sealed class OrderedParallelTests
{
    [Test]
    public void Results_come_in_input_order_however_the_calls_end() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(PositiveInt, byte[])>(), input =>
        {
            var (concurrency, yields) = (input.Item1.Get % 9 + 1, input.Item2 ?? []);
            return Run().GetAwaiter().GetResult();

            async Task<bool> Run()
            {
                var results = await OrderedParallel.SelectAsync(
                    Enumerable.Range(0, yields.Length).ToAsyncEnumerable(),
                    concurrency,
                    async (i, _) =>
                    {
                        for (var n = 0; n < yields[i] % 8; n++)
                        {
                            await Task.Yield();
                        }

                        return i;
                    }).ToListAsync();
                return results.SequenceEqual(Enumerable.Range(0, yields.Length));
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public async Task Never_more_than_the_limit_are_under_way_and_the_limit_is_reached()
    {
        int running = 0, most = 0;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await OrderedParallel.SelectAsync(Enumerable.Range(0, 50).ToAsyncEnumerable(), 3, async (i, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 3)
            {
                full.TrySetResult();
            }

            await full.Task;
            Interlocked.Decrement(ref running);
            return i;
        }).CountAsync();

        Assert.That(most, Is.EqualTo(3));
    }

    [Test]
    public async Task A_slow_first_item_bounds_how_far_the_source_is_read()
    {
        var read = 0;
        var first = new TaskCompletionSource();
        await using var results = OrderedParallel.SelectAsync(Source(), 2, async (i, _) =>
        {
            if (i == 0)
            {
                await first.Task;
            }

            return i;
        }).GetAsyncEnumerator();
        var next = results.MoveNextAsync();

        Assert.That(next.IsCompleted, Is.False);
        Assert.That(read, Is.EqualTo(8));
        first.SetResult();
        Assert.That(await next, Is.True);
        Assert.That(results.Current, Is.Zero);

        async IAsyncEnumerable<int> Source()
        {
            await Task.CompletedTask;
            for (var i = 0; i < 1000; i++)
            {
                read++;
                yield return i;
            }
        }
    }

    [Test]
    public void The_first_failure_reaches_the_reader_and_the_others_are_cancelled_and_awaited()
    {
        int started = 0, ended = 0;
        var allStarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var results = new List<int>();

        Assert.That(
            async () =>
            {
                await foreach (var result in OrderedParallel.SelectAsync(Enumerable.Range(0, 10).ToAsyncEnumerable(), 10, RunAsync))
                {
                    results.Add(result);
                }
            },
            Throws.TypeOf<InvalidOperationException>().With.Message.EqualTo("item 2"));
        Assert.That(results, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(ended, Is.EqualTo(7));

        async Task<int> RunAsync(int i, CancellationToken token)
        {
            if (i < 2)
            {
                return i;
            }

            if (Interlocked.Increment(ref started) == 8)
            {
                allStarted.SetResult();
            }

            if (i == 2)
            {
                await allStarted.Task;
                throw new InvalidOperationException("item 2");
            }

            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return i;
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        }
    }

    [Test]
    public void Cancelling_ends_the_calls_under_way()
    {
        using var stop = new CancellationTokenSource();
        var started = 0;

        Assert.That(
            async () => await OrderedParallel.SelectAsync(
                Enumerable.Range(0, 10).ToAsyncEnumerable(),
                4,
                async (i, token) =>
                {
                    if (Interlocked.Increment(ref started) == 4)
                    {
                        await stop.CancelAsync();
                    }

                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                    return i;
                },
                stop.Token).CountAsync(),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(started, Is.EqualTo(4));
    }

    [Test]
    public void A_failing_source_is_not_swallowed()
    {
        Assert.That(
            async () => await OrderedParallel.SelectAsync(Source(), 2, (i, _) => Task.FromResult(i)).CountAsync(),
            Throws.TypeOf<MisuseException>());

        static async IAsyncEnumerable<int> Source()
        {
            await Task.CompletedTask;
            yield return 1;
            throw new MisuseException("line 2 is broken");
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
