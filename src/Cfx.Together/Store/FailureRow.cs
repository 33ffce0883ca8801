using Cfx.Core.Generation;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>The table of requests whose last call got no usable reply.</summary>
internal static class FailureRow
{
    public static void Add(SqliteTransaction transaction, FailedCall call)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO failures (key, server, stage, study, model, reason, status_code, attempts, first_at, last_at)
            VALUES ($key, $server, $stage, $study, $model, $reason, $status, $attempts, $at, $at)
            ON CONFLICT (key) DO UPDATE SET
                stage = excluded.stage, study = excluded.study, reason = excluded.reason, status_code = excluded.status_code,
                attempts = attempts + excluded.attempts, last_at = excluded.last_at
            """;
        command.Parameters.AddWithValue("$key", call.Key);
        command.Parameters.AddWithValue("$server", call.Server);
        command.Parameters.AddWithValue("$stage", call.Stage);
        command.Parameters.AddWithValue("$study", call.Study);
        command.Parameters.AddWithValue("$model", call.Model);
        command.Parameters.AddWithValue("$reason", call.Reason);
        command.Parameters.AddWithValue("$status", (object?)call.StatusCode ?? DBNull.Value);

        // A refusal is an outcome, not an attempt that failed: it may be had again as often as someone asks.
        command.Parameters.AddWithValue("$attempts", ChatCall.IsRefusal(call.StatusCode) ? 0 : 1);
        command.Parameters.AddWithValue("$at", AnswerRow.Time(call.At));
        command.ExecuteNonQuery();
    }

    /// <summary>Reads a key's row, see <see cref="Read"/>.</summary>
    public static SqliteCommand Find(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "SELECT attempts, reason FROM failures WHERE key = $key";
        command.Parameters.Add(new SqliteParameter("$key", null));
        return command;
    }

    /// <summary>How often a request got no usable reply, and why it last did not; null for one that never failed or has an answer.</summary>
    public static (long Attempts, string Reason)? Read(SqliteCommand find, string key)
    {
        find.Parameters[0].Value = key;
        using var row = find.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetString(1)) : null;
    }

    public static void Remove(SqliteTransaction transaction, string key)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM failures WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        command.ExecuteNonQuery();
    }
}
