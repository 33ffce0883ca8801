using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>Counts what a run asks, and writes the counts down with whatever else is written.</summary>
/// <param name="connection">The writer's.</param>
internal sealed class RunRecorder(SqliteConnection connection)
{
    private const int RunsKept = 100;
    private readonly Lock _lock = new();
    private DateTimeOffset? _startedAt;
    private long? _row;
    private long _hits;
    private long _asked;
    private long _failed;
    private bool _unwritten;

    /// <summary>Whether the table lacks the latest counts.</summary>
    public bool IsUnwritten
    {
        get
        {
            lock (_lock)
            {
                return _unwritten;
            }
        }
    }

    public RunCounts Counts(DateTimeOffset now)
    {
        lock (_lock)
        {
            return new RunCounts(_startedAt ?? now, _hits, _asked, _failed);
        }
    }

    /// <summary>True for the first call of the run.</summary>
    public bool Begin(DateTimeOffset now)
    {
        lock (_lock)
        {
            var first = _startedAt is null || _row is null;
            _startedAt ??= now;
            _unwritten |= first;
            return first;
        }
    }

    public void CountHit(DateTimeOffset now)
    {
        lock (_lock)
        {
            _startedAt ??= now;
            _hits++;
            _unwritten = true;
        }
    }

    public void CountAsked()
    {
        lock (_lock)
        {
            _asked++;
            _unwritten = true;
        }
    }

    public void CountFailed()
    {
        lock (_lock)
        {
            _failed++;
            _unwritten = true;
        }
    }

    public void Write(SqliteTransaction transaction)
    {
        lock (_lock)
        {
            if (_startedAt is not { } started)
            {
                return;
            }

            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = _row is null
                ? $"INSERT INTO runs (started_at, hits, asked, failed) VALUES ($started, $hits, $asked, $failed) RETURNING id"
                : "UPDATE runs SET hits = $hits, asked = $asked, failed = $failed WHERE id = $row RETURNING id";
            command.Parameters.AddWithValue("$hits", _hits);
            command.Parameters.AddWithValue("$asked", _asked);
            command.Parameters.AddWithValue("$failed", _failed);
            command.Parameters.AddWithValue(_row is null ? "$started" : "$row", _row is { } row ? row : AnswerRow.Time(started));
            var isNew = _row is null;
            _row = (long?)command.ExecuteScalar() ?? _row;
            if (isNew)
            {
                ResponseDatabase.Execute(connection, FormattableString.Invariant($"DELETE FROM runs WHERE id <= {_row} - {RunsKept}"));
            }

            _unwritten = false;
        }
    }
}
