using Cfx.Core.Spending;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>Reads the tables of what studies spent.</summary>
internal static class SpendingReader
{
    private const string Lines = """
        SELECT stage, model, sum(calls), sum(prompt_tokens), sum(completion_tokens), sum(settled), sum(reserved), sum(unclear), sum(unpriced) FROM (
            SELECT stage, model, calls, prompt_tokens, completion_tokens, settled_nano_usd AS settled, 0 AS reserved, 0 AS unclear, unpriced
                FROM spending_calls WHERE study = $study
            UNION ALL SELECT stage, model, 0, 0, 0, 0, 0, nano_usd, unpriced FROM spending_unclear WHERE study = $study
            UNION ALL SELECT stage, purpose, 0, 0, 0, coalesce(settled_nano_usd, 0),
                iif(settled_nano_usd IS NULL, coalesce(reserved_nano_usd, 0), 0), 0, settled_nano_usd IS NULL AND reserved_nano_usd IS NULL
                FROM spending_entries WHERE study = $study)
        GROUP BY stage, model ORDER BY stage, model
        """;

    /// <param name="transaction">For one view of all tables.</param>
    /// <param name="study">The study.</param>
    /// <param name="run">The run that looks; null for none.</param>
    /// <param name="exposure">What that run has under way; the rest of its allowance is not needed.</param>
    public static StudySpending Of(SqliteTransaction transaction, string study, long? run, long exposure)
    {
        var lines = new List<SpendingLine>();
        using (var command = Command(transaction, Lines, study))
        {
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                lines.Add(new SpendingLine(
                    row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
                    NanoUsd.ToUsd(row.GetInt64(5)), NanoUsd.ToUsd(row.GetInt64(6)), NanoUsd.ToUsd(row.GetInt64(7)), row.GetInt64(8)));
            }
        }

        using var others = Command(
            transaction, "SELECT coalesce(sum(allowance_nano_usd), 0) FROM spending_runs WHERE study = $study AND id IS NOT $run", study);
        others.Parameters.AddWithValue("$run", (object?)run ?? DBNull.Value);
        return new StudySpending(study, lines, NanoUsd.ToUsd((long)others.ExecuteScalar()!), NanoUsd.ToUsd(Math.Max(0, exposure)));
    }

    /// <summary>All studies that spent anything.</summary>
    public static IReadOnlyList<string> Studies(SqliteTransaction transaction)
    {
        using var command = Command(
            transaction,
            "SELECT study FROM spending_calls UNION SELECT study FROM spending_unclear UNION SELECT study FROM spending_entries UNION SELECT study FROM spending_runs ORDER BY 1",
            "");
        using var row = command.ExecuteReader();
        var studies = new List<string>();
        while (row.Read())
        {
            studies.Add(row.GetString(0));
        }

        return studies;
    }

    private static SqliteCommand Command(SqliteTransaction transaction, string sql, string study)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.Parameters.AddWithValue("$study", study);
        return command;
    }
}
