using System.Collections.Concurrent;
using Cfx.Core;
using Cfx.Core.Generation;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Store;

/// <summary>Every answer that was ever paid for, so that none is paid for twice. One instance serves a whole run, from any number of threads;
/// other processes may use the same file at the same time.</summary>
public sealed class ResponseStore : IAsyncDisposable
{
    private readonly StoreOptions _options;

    // How often calls of this run ended without a usable reply, by key.
    private readonly ConcurrentDictionary<string, (int Count, FailedCall Last)> _failures = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly SqliteConnection _readConnection;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _findFailure;
    private readonly Lock _reading = new();
    private readonly Lock _rescuing = new();
    private readonly SqliteCommand _insert;
    private readonly GroupCommit _writer;
    private readonly RunRecorder _run;

    private ResponseStore(StoreOptions options, TimeProvider time, SqliteConnection writing, SqliteConnection reading)
    {
        _options = options;
        _time = time;
        _readConnection = reading;
        _find = FindCommand(reading);
        _findFailure = FailureRow.Find(reading);
        _insert = AnswerRow.Insert(writing);
        _run = new RunRecorder(writing);
        _writer = new GroupCommit(writing, options.Path, _run.Write);
    }

    /// <summary>What this run asked so far.</summary>
    public RunCounts Counts => _run.Counts(_time.GetUtcNow());

    /// <summary>Calls of this run that have not ended, by key: whoever asks the same waits for them.</summary>
    internal ConcurrentDictionary<string, TaskCompletionSource<StoredAnswer>> UnderWay { get; } = new(StringComparer.Ordinal);

    /// <summary>Opens the store, makes it when missing, and takes up answers that an earlier run could keep only beside it.</summary>
    /// <exception cref="StageFailedException">The file is damaged, of another kind, or cannot be written.</exception>
    public static ResponseStore Open(StoreOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var writing = ResponseDatabase.Open(options);
        SqliteConnection? reading = null;
        try
        {
            RescuedAnswers.TakeUp(writing, options.Path, logger);
            reading = ResponseDatabase.Open(options);
            return new ResponseStore(options, time, writing, reading);
        }
        catch (Exception e)
        {
            reading?.Dispose();
            writing.Dispose();
            if (e is SqliteException)
            {
                throw StoreFaults.Translate(e, options.Path);
            }

            throw;
        }
    }

    /// <summary>The answer under a key; null when there is none.</summary>
    /// <exception cref="StageFailedException">The file is damaged or cannot be read.</exception>
    public StoredAnswer? Find(string key)
    {
        try
        {
            lock (_reading)
            {
                return ReadOne(_find, key);
            }
        }
        catch (Exception e) when (e is SqliteException)
        {
            throw StoreFaults.Translate(e, _options.Path);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or InvalidOperationException)
        {
            throw StoreFaults.Damaged(_options.Path, $"row {key}: {e.Message}");
        }
    }

    /// <summary>Why a request is not sent, directly or by batch: in this run or over all it ended without a usable reply too often. Null when it may be
    /// sent.</summary>
    /// <param name="key">The request's.</param>
    /// <param name="model">The model that it asks, for the message.</param>
    /// <exception cref="StageFailedException">The file is damaged or cannot be read.</exception>
    internal ProviderException? GivenUp(string key, string model)
    {
        if (_failures.TryGetValue(key, out var failed) && failed.Count >= _options.FailuresPerRun)
        {
            return new ProviderException(
                $"A chat call to '{model}' got no usable reply {failed.Count} times in this run and waits for the next one: {failed.Last.Reason}",
                failed.Last.StatusCode);
        }

        try
        {
            lock (_reading)
            {
                return FailureRow.Read(_findFailure, key) is { } failure && failure.Attempts >= _options.FailuresInAll
                    ? new ProviderException(FormattableString.Invariant(
                        $"A chat call to '{model}' got no usable reply {failure.Attempts} times over several runs and is not asked again (--target=Store --store-retry lets it be): {failure.Reason}"))
                    : null;
            }
        }
        catch (Exception e) when (e is SqliteException)
        {
            throw StoreFaults.Translate(e, _options.Path);
        }
    }

    /// <summary>Stores an answer that was bought otherwise than by a call through a <see cref="StudyMeter"/>, such as in a batch, and counts its price
    /// as spent in the same transaction, unless the answer is there already. Ends when it is on disk.</summary>
    /// <param name="answer">The answer with its price.</param>
    /// <param name="entry">The budget's entry that the price was set aside under; that becomes smaller by it, so that nothing counts twice.</param>
    /// <returns>The answer under this key from now on: an earlier one when another process was faster.</returns>
    /// <exception cref="StageFailedException">It could not be stored. It is kept beside the store where that is possible; the message says so.</exception>
    public Task<StoredAnswer> AddAsync(StoredAnswer answer, string? entry = null) => AddAsync(answer, (transaction, isNew) =>
    {
        if (isNew)
        {
            SpendingRows.AddCall(transaction, answer);
            if (entry is not null)
            {
                SpendingRows.LowerEntry(transaction, answer.Study, entry, answer);
            }
        }
    });

    /// <summary>Ends when the answer is on disk.</summary>
    /// <param name="answer">The answer with its price.</param>
    /// <param name="spend">Writes down what it cost, in the same transaction; told whether the answer was not there yet.</param>
    internal async Task<StoredAnswer> AddAsync(StoredAnswer answer, Action<SqliteTransaction, bool> spend)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var kept = answer;
        try
        {
            await _writer.WriteAsync(transaction =>
            {
                _insert.Transaction = transaction;
                AnswerRow.Bind(_insert, answer);
                var isNew = _insert.ExecuteNonQuery() > 0;
                spend(transaction, isNew);
                if (!isNew)
                {
                    using var find = FindCommand(transaction.Connection!);
                    find.Transaction = transaction;
                    kept = ReadOne(find, answer.Key)!;
                }

                FailureRow.Remove(transaction, answer.Key);
                _run.CountAsked();
            });
            return kept;
        }
        catch (StageFailedException fault)
        {
            lock (_rescuing)
            {
                throw RescuedAnswers.Keep(answer, _options.Path, fault);
            }
        }
    }

    /// <summary>Notes that a call got no usable reply; ends when that is on disk.</summary>
    /// <exception cref="StageFailedException">It could not be stored.</exception>
    public Task AddFailureAsync(FailedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _failures.AddOrUpdate(call.Key, (1, call), (_, before) => (before.Count + 1, call));
        return _writer.WriteAsync(transaction =>
        {
            FailureRow.Add(transaction, call);
            _run.CountFailed();
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_run.IsUnwritten && _writer.Broken is null)
        {
            try
            {
                await _writer.WriteAsync(static _ => { });
            }
            catch (StageFailedException)
            {
                // Only this run's count of hits is lost.
            }
        }

        await _writer.DisposeAsync();
        lock (_reading)
        {
            _find.Dispose();
            _findFailure.Dispose();
            _readConnection.Dispose();
        }
    }

    internal void CountHit() => _run.CountHit(_time.GetUtcNow());

    /// <summary>Called before anything is bought: writes a row, so that a store that cannot be written is found out in time.</summary>
    /// <exception cref="StageFailedException">The store cannot be written.</exception>
    internal async Task RequireWritableAsync()
    {
        if (_writer.Broken is { } fault)
        {
            throw new StageFailedException(fault.Message, fault);
        }

        if (_run.Begin(_time.GetUtcNow()))
        {
            await _writer.WriteAsync(static _ => { });
        }
    }

    private static SqliteCommand FindCommand(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"SELECT {AnswerRow.Columns} FROM answers WHERE key = $key";
        command.Parameters.Add(new SqliteParameter("$key", null));
        return command;
    }

    private static StoredAnswer? ReadOne(SqliteCommand find, string key)
    {
        find.Parameters[0].Value = key;
        using var row = find.ExecuteReader();
        return row.Read() ? AnswerRow.Read(row) : null;
    }
}
