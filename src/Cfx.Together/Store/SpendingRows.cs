using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>The tables of what studies spent. Amounts are billionths of a US dollar.</summary>
internal static class SpendingRows
{
    /// <summary>Counts an answered call.</summary>
    public static void AddCall(SqliteTransaction transaction, StoredAnswer answer) => Execute(
        transaction,
        """
        INSERT INTO spending_calls (study, stage, server, model, calls, prompt_tokens, completion_tokens, settled_nano_usd, unpriced)
        VALUES ($study, $stage, $server, $model, 1, $prompt, $completion, $nano, $unpriced)
        ON CONFLICT (study, stage, server, model) DO UPDATE SET
            calls = calls + 1, prompt_tokens = prompt_tokens + excluded.prompt_tokens,
            completion_tokens = completion_tokens + excluded.completion_tokens,
            settled_nano_usd = settled_nano_usd + excluded.settled_nano_usd, unpriced = unpriced + excluded.unpriced
        """,
        ("$study", answer.Study), ("$stage", answer.Stage), ("$server", answer.Server), ("$model", answer.Model),
        ("$prompt", (long)(answer.Reply.PromptTokens ?? 0)), ("$completion", (long)(answer.Reply.CompletionTokens ?? 0)),
        ("$nano", AnswerRow.Nano(answer.PriceUsd) ?? 0), ("$unpriced", answer.PriceUsd is null ? 1L : 0L));

    /// <summary>Counts attempts that may have been billed.</summary>
    public static void AddUnclear(SqliteTransaction transaction, string study, string stage, string model, long attempts, long nano, long unpriced) => Execute(
        transaction,
        """
        INSERT INTO spending_unclear (study, stage, model, attempts, nano_usd, unpriced) VALUES ($study, $stage, $model, $attempts, $nano, $unpriced)
        ON CONFLICT (study, stage, model) DO UPDATE SET
            attempts = attempts + excluded.attempts, nano_usd = nano_usd + excluded.nano_usd, unpriced = unpriced + excluded.unpriced
        """,
        ("$study", study), ("$stage", stage), ("$model", model), ("$attempts", attempts), ("$nano", nano), ("$unpriced", unpriced));

    /// <summary>Takes an answer's price out of what an entry has set aside for it.</summary>
    public static void LowerEntry(SqliteTransaction transaction, string study, string key, StoredAnswer answer) => Execute(
        transaction,
        "UPDATE spending_entries SET reserved_nano_usd = max(0, reserved_nano_usd - $nano) WHERE study = $study AND key = $key AND settled_nano_usd IS NULL",
        ("$study", study), ("$key", key), ("$nano", AnswerRow.Nano(answer.PriceUsd) ?? 0));

    /// <summary>Sets an entry's reserve; null for one whose price is not known.</summary>
    public static void Reserve(SqliteTransaction transaction, string study, string key, string stage, string purpose, long? nano, string now) => Execute(
        transaction,
        """
        INSERT INTO spending_entries (study, key, stage, purpose, reserved_nano_usd, opened_at) VALUES ($study, $key, $stage, $purpose, $nano, $now)
        ON CONFLICT (study, key) DO UPDATE SET
            stage = excluded.stage, purpose = excluded.purpose, reserved_nano_usd = excluded.reserved_nano_usd, settled_nano_usd = NULL, settled_at = NULL
        """,
        ("$study", study), ("$key", key), ("$stage", stage), ("$purpose", purpose), ("$nano", nano), ("$now", now));

    /// <summary>Says what an entry came to; null lets what was set aside stand.</summary>
    public static void Settle(SqliteTransaction transaction, string study, string key, long? nano, string now) => Execute(
        transaction,
        """
        INSERT INTO spending_entries (study, key, stage, purpose, settled_nano_usd, opened_at, settled_at)
        VALUES ($study, $key, substr($key, 1, max(0, instr($key, ':') - 1)), $key, $nano, $now, $now)
        ON CONFLICT (study, key) DO UPDATE SET
            settled_nano_usd = coalesce($nano, reserved_nano_usd), settled_at = excluded.settled_at
        """,
        ("$study", study), ("$key", key), ("$nano", nano), ("$now", now));

    public static void Release(SqliteTransaction transaction, string study, string key) => Execute(
        transaction,
        "DELETE FROM spending_entries WHERE study = $study AND key = $key AND settled_at IS NULL",
        ("$study", study), ("$key", key));

    /// <returns>The new run's id.</returns>
    public static long BeginRun(SqliteTransaction transaction, string study, string now) => Scalar(
        transaction,
        "INSERT INTO spending_runs (study, started_at, allowance_nano_usd) VALUES ($study, $now, 0) RETURNING id",
        ("$study", study), ("$now", now));

    /// <summary>Changes how much of the budget a run may have under way.</summary>
    public static void ChangeAllowance(SqliteTransaction transaction, long run, long by) => Execute(
        transaction,
        "UPDATE spending_runs SET allowance_nano_usd = max(0, allowance_nano_usd + $by) WHERE id = $run",
        ("$run", run), ("$by", by));

    /// <summary>Ends a run: what may still have been billed stays, the rest goes back.</summary>
    public static void EndRun(SqliteTransaction transaction, long run, long left)
    {
        Execute(transaction, "UPDATE spending_runs SET allowance_nano_usd = $left WHERE id = $run", ("$run", run), ("$left", left));
        Execute(transaction, "DELETE FROM spending_runs WHERE id = $run AND allowance_nano_usd = 0", ("$run", run));
    }

    /// <summary>All that a study has spent, set aside or may have spent.</summary>
    public static long Total(SqliteTransaction transaction, string study) => Scalar(
        transaction,
        """
        SELECT (SELECT coalesce(sum(settled_nano_usd), 0) FROM spending_calls WHERE study = $study)
            + (SELECT coalesce(sum(nano_usd), 0) FROM spending_unclear WHERE study = $study)
            + (SELECT coalesce(sum(coalesce(settled_nano_usd, reserved_nano_usd)), 0) FROM spending_entries WHERE study = $study)
            + (SELECT coalesce(sum(allowance_nano_usd), 0) FROM spending_runs WHERE study = $study)
        """,
        ("$study", study));

    /// <summary>What an entry counts for now; 0 when it is not there.</summary>
    public static long Entry(SqliteTransaction transaction, string study, string key) => Scalar(
        transaction,
        "SELECT coalesce(sum(coalesce(settled_nano_usd, reserved_nano_usd)), 0) FROM spending_entries WHERE study = $study AND key = $key",
        ("$study", study), ("$key", key));

    private static void Execute(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(transaction, sql, values);
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(transaction, sql, values);
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteTransaction transaction, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
