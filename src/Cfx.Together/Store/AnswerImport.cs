using Cfx.Core.Artifacts;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>Adds answers from elsewhere: all or none, and never over one that is there.</summary>
internal static class AnswerImport
{
    public static ImportResult Add(SqliteConnection connection, IEnumerable<StoredAnswer> answers)
    {
        long added = 0, known = 0;
        var conflicts = new List<string>();
        using var transaction = connection.BeginTransaction(deferred: false);
        using var insert = AnswerRow.Insert(connection);
        insert.Transaction = transaction;
        using var find = connection.CreateCommand();
        find.Transaction = transaction;
        find.CommandText = $"SELECT {AnswerRow.Columns} FROM answers WHERE key = $key";
        find.Parameters.Add(new SqliteParameter("$key", null));
        foreach (var answer in answers)
        {
            AnswerRow.Bind(insert, answer);
            if (insert.ExecuteNonQuery() > 0)
            {
                added++;
                FailureRow.Remove(transaction, answer.Key);
                continue;
            }

            find.Parameters[0].Value = answer.Key;
            using var row = find.ExecuteReader();
            row.Read();
            if (AnswerRow.Read(row).Reply == answer.Reply)
            {
                known++;
            }
            else
            {
                conflicts.Add(answer.Key);
            }
        }

        DurableWrites.Log.Before(DurableWrites.StoreKind, connection.DataSource);
        transaction.Commit();
        DurableWrites.Log.After(DurableWrites.StoreKind, connection.DataSource);
        return new ImportResult(added, known, conflicts);
    }
}
