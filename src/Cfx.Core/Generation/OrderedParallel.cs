using System.Runtime.CompilerServices;

namespace Cfx.Core.Generation;

/// <summary>Runs a function over a stream with several calls under way, and gives the results in the stream's order.</summary>
public static class OrderedParallel
{
    /// <summary>How many results may wait for a slow one before them, for each call that may be under way.</summary>
    private const int BufferPerCall = 4;

    /// <summary>The results in input order. At most four times <paramref name="maxConcurrency"/> items are held at any time.</summary>
    /// <param name="source">Read only as far ahead as the buffer reaches.</param>
    /// <param name="maxConcurrency">The most calls under way at once, at least 1.</param>
    /// <param name="function">Called once for each item. Its first exception, in input order, is thrown to the reader, after the calls
    /// still under way were cancelled and have ended.</param>
    /// <param name="cancellationToken">Cancels the calls under way and the reading.</param>
    public static async IAsyncEnumerable<TResult> SelectAsync<TSource, TResult>(
        IAsyncEnumerable<TSource> source,
        int maxConcurrency,
        Func<TSource, CancellationToken, Task<TResult>> function,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrency, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var gate = new SemaphoreSlim(maxConcurrency);
        var underWay = new Queue<Task<TResult>>();
        try
        {
            await foreach (var item in source.WithCancellation(cancellationToken))
            {
                underWay.Enqueue(RunAsync(item, function, gate, stop.Token));
                while (underWay.Count >= maxConcurrency * BufferPerCall || (underWay.Count > 0 && underWay.Peek().IsCompleted))
                {
                    yield return await underWay.Dequeue();
                }
            }

            while (underWay.Count > 0)
            {
                yield return await underWay.Dequeue();
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var task in underWay)
            {
                // The reader has left or got the first error; these later ones are only waited for, so that nothing runs on behind it.
                await task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private static async Task<TResult> RunAsync<TSource, TResult>(
        TSource item, Func<TSource, CancellationToken, Task<TResult>> function, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await function(item, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }
}
