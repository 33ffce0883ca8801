using System.Globalization;
using System.Text;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Store;

/// <summary>Looks into a store, carries answers in and out of it, and throws old ones away. Runs may go on meanwhile.</summary>
public sealed class StoreMaintenance : IDisposable
{
    private const int FindingsShown = 20;
    private readonly StoreOptions _options;
    private readonly SqliteConnection _connection;

    private StoreMaintenance(StoreOptions options, SqliteConnection connection)
    {
        _options = options;
        _connection = connection;
    }

    /// <exception cref="StageFailedException">The file is damaged, of another kind, or cannot be written.</exception>
    public static StoreMaintenance Open(StoreOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = ResponseDatabase.Open(options);
        try
        {
            RescuedAnswers.TakeUp(connection, options.Path, logger);
            return new StoreMaintenance(options, connection);
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is SqliteException)
            {
                throw StoreFaults.Translate(e, options.Path);
            }

            throw;
        }
    }

    public StoreSummary Summarize() => Guarded(() =>
    {
        var spend = Query(
            """
            SELECT study, stage, server, model, count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),
                coalesce(sum(price_nano_usd), 0), sum(price_nano_usd IS NULL)
            FROM answers GROUP BY study, stage, server, model ORDER BY study, stage, server, model
            """,
            r => new SpendLine(
                r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6),
                AnswerRow.Usd(r.GetInt64(7))!.Value, r.GetInt64(8))).ToList();
        var run = Query(
            "SELECT started_at, hits, asked, failed FROM runs ORDER BY id DESC LIMIT 1",
            r => new RunCounts(AnswerRow.Time(r.GetString(0)), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3))).FirstOrDefault();
        var bytes = new[] { _options.Path, _options.Path + "-wal" }.Where(File.Exists).Sum(f => new FileInfo(f).Length);
        return new StoreSummary(
            bytes, spend.Sum(s => s.Answers), (long)ResponseDatabase.Scalar(_connection, "SELECT count(*) FROM failures")!, run, spend);
    });

    /// <summary>What every study spent.</summary>
    public IReadOnlyList<StudySpending> Spending() => Guarded<IReadOnlyList<StudySpending>>(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: true);
        return [.. SpendingReader.Studies(transaction).Select(s => SpendingReader.Of(transaction, s, null, 0))];
    });

    /// <summary>What calls came to so far, by server, stage and model.</summary>
    public IReadOnlyList<ModelUsage> Usage() => Guarded<IReadOnlyList<ModelUsage>>(() =>
    [
        .. Query(
            """
            SELECT server, stage, model, count(*), sum(prompt_tokens), sum(completion_tokens),
                sum((SELECT sum(length(json_extract(m.value, '$.content'))) FROM json_each(request, '$.messages') m)),
                coalesce(avg((julianday(answered_at) - julianday(sent_at)) * 86400.0), 0.0)
            FROM answers WHERE prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL GROUP BY server, stage, model
            """,
            r => new ModelUsage(
                r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5),
                r.IsDBNull(6) ? 0 : r.GetInt64(6), r.GetDouble(7))),
    ]);

    /// <summary>Whether there is an answer under a key.</summary>
    public bool Holds(string key) => Guarded(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM answers WHERE key = $key)";
        command.Parameters.AddWithValue("$key", key);
        return (long)command.ExecuteScalar()! == 1;
    });

    /// <summary>Everything that is wrong with the file and its rows, up to a number; nothing when all is well.</summary>
    public IReadOnlyList<string> Verify(CancellationToken cancellationToken) => Guarded(() =>
    {
        var findings = Query("PRAGMA integrity_check(20)", r => r.GetString(0)).Where(f => f != "ok").ToList();
        if (findings.Count > 0)
        {
            return findings;
        }

        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT {AnswerRow.Columns} FROM answers";
        using var row = command.ExecuteReader();
        while (findings.Count < FindingsShown && row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Fault(row) is { } fault)
            {
                findings.Add($"row {row.GetString(0)}: {fault}");
            }
        }

        return findings;
    });

    /// <summary>Writes every answer as a line of JSON, in the order of the keys.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="StageFailedException">The file cannot be written.</exception>
    public async Task<long> ExportAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = AtomicFile.Create(path);
        long count = 0;
        using var answers = Query($"SELECT {AnswerRow.Columns} FROM answers ORDER BY key", AnswerRow.Read).GetEnumerator();
        while (Guarded(answers.MoveNext))
        {
            await file.Stream.WriteAsync(JsonText.Line(AnswerJson.Write(answers.Current)), cancellationToken);
            count++;
        }

        await file.CommitAsync(cancellationToken);
        return count;
    }

    /// <summary>Adds the answers of an export: all or none, and never over one that is there.</summary>
    /// <exception cref="MisuseException">The file is missing or a line is not an exported answer; names the line.</exception>
    public ImportResult Import(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new MisuseException($"{path}: no such file; give the path of an export.");
        }

        return Guarded(() => AnswerImport.Add(_connection, Read(path, cancellationToken)));
    }

    /// <summary>Forgets which requests got no usable reply, so that those that were given up are asked again.</summary>
    /// <returns>How many.</returns>
    public long ForgetFailures() => Guarded(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM failures";
        return (long)command.ExecuteNonQuery();
    });

    /// <summary>Throws answers and failures away for good. With both conditions, what meets both.</summary>
    /// <param name="answeredBefore">Those older than this; null for any age.</param>
    /// <param name="study">Those that this study asked for first; null for any.</param>
    /// <returns>How many answers.</returns>
    public long Prune(DateTimeOffset? answeredBefore, string? study)
    {
        if (answeredBefore is null && study is null)
        {
            throw new ArgumentException("Nothing says what to throw away.", nameof(study));
        }

        return Guarded(() =>
        {
            long removed;
            using (var transaction = _connection.BeginTransaction(deferred: false))
            {
                Delete("failures", "last_at");
                removed = Delete("answers", "answered_at");
                transaction.Commit();

                long Delete(string table, string age)
                {
                    using var command = _connection.CreateCommand();
                    command.Transaction = transaction;
                    command.CommandText = $"DELETE FROM {table} WHERE ($before IS NULL OR {age} < $before) AND ($study IS NULL OR study = $study)";
                    command.Parameters.AddWithValue("$before", answeredBefore is { } before ? AnswerRow.Time(before) : DBNull.Value);
                    command.Parameters.AddWithValue("$study", (object?)study ?? DBNull.Value);
                    return command.ExecuteNonQuery();
                }
            }

            try
            {
                ResponseDatabase.Execute(_connection, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
            }
            catch (SqliteException)
            {
                // While others read or the disk is full the file keeps its size; new answers take the room first.
            }

            return removed;
        });
    }

    public void Dispose() => _connection.Dispose();

    private static string? Fault(SqliteDataReader row)
    {
        try
        {
            var answer = AnswerRow.Read(row);
            return ResponseKey.Of(answer.Server, answer.ModelIdentity, answer.Request) == answer.Key
                ? null
                : "its key does not belong to its request and server";
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            return e.Message;
        }
    }

    private static IEnumerable<StoredAnswer> Read(string path, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            StoredAnswer answer;
            try
            {
                answer = AnswerJson.Read(line);
            }
            catch (FormatException e)
            {
                throw new MisuseException(
                    string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: {e.Message}. Nothing was imported; export the answers again."), e);
            }

            yield return answer;
        }
    }

    private IEnumerable<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            yield return read(row);
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw StoreFaults.Translate(e, _options.Path);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            throw StoreFaults.Damaged(_options.Path, e.Message);
        }
    }
}
