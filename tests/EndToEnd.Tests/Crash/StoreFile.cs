using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests.Crash;

/// <summary>Looks into a checkout's response store.</summary>
internal static class StoreFile
{
    /// <summary>How many answers it holds.</summary>
    public static long Answers(Checkout checkout)
    {
        using var connection = new SqliteConnection($"Data Source={checkout[".cfx/responses.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM answers";
        return (long)command.ExecuteScalar()!;
    }
}
