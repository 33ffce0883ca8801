using System.Threading.Channels;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>The one writer of a process. While one commit is flushed to disk, the writes that arrive gather and share the next, so that many
/// callers wait for few flushes; each is told when its own write is on disk.</summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MaxBatch = 512;
    private readonly Channel<Write> _queue = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly Action<SqliteTransaction> _beforeCommit;
    private readonly Task _running;
    private volatile StageFailedException? _broken;

    /// <param name="connection">Used by this writer alone from now on, and closed by it.</param>
    /// <param name="path">For messages.</param>
    /// <param name="beforeCommit">Called within each transaction, after its writes.</param>
    public GroupCommit(SqliteConnection connection, string path, Action<SqliteTransaction> beforeCommit)
    {
        _connection = connection;
        _path = path;
        _beforeCommit = beforeCommit;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Why nothing can be written any more; null while all is well.</summary>
    public StageFailedException? Broken => _broken;

    /// <summary>Ends when the write is on disk.</summary>
    /// <param name="write">Called on the writer's thread, within a transaction that other writes share.</param>
    /// <exception cref="StageFailedException">It could not be written; nor will any later write be tried.</exception>
    public Task WriteAsync(Action<SqliteTransaction> write)
    {
        var item = new Write(write, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(item)
            ? item.Done.Task
            : Task.FromException(new ObjectDisposedException(nameof(ResponseStore)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            await _running;
            await _connection.DisposeAsync();
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Write>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            var fault = _broken ?? Commit(batch);
            foreach (var item in batch)
            {
                if (fault is null)
                {
                    item.Done.SetResult();
                }
                else
                {
                    item.Done.SetException(fault);
                }
            }

            batch.Clear();
        }
    }

    private StageFailedException? Commit(List<Write> batch)
    {
        SqliteTransaction? transaction = null;
        try
        {
            transaction = _connection.BeginTransaction(deferred: false);
            foreach (var item in batch)
            {
                item.Work(transaction);
            }

            _beforeCommit(transaction);
            DurableWrites.Log.Before(DurableWrites.StoreKind, _path);
            transaction.Commit();
            DurableWrites.Log.After(DurableWrites.StoreKind, _path);
            transaction.Dispose();
            return null;
        }
        catch (Exception e)
        {
            // Whatever it was, these writes did not happen, and their callers must hear of it.
            _broken = StoreFaults.Translate(e, _path);
            try
            {
                transaction?.Dispose();
            }
            catch (SqliteException)
            {
                // A full disk has rolled it back already.
            }

            return _broken;
        }
    }

    private sealed record Write(Action<SqliteTransaction> Work, TaskCompletionSource Done);
}
