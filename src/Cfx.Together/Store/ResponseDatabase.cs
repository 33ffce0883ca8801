using System.Globalization;
using Cfx.Core;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>Opens the store's file and makes its tables. Several processes may have it open at once.</summary>
internal static class ResponseDatabase
{
    /// <summary>The version of the tables.</summary>
    public const int SchemaVersion = 2;

    // "CFXR": tells the file from any other database.
    private const long ApplicationId = 0x43465852;

    private const string FirstSchema = """
        CREATE TABLE answers (
            key TEXT NOT NULL PRIMARY KEY,
            server TEXT NOT NULL,
            model_identity TEXT,
            stage TEXT NOT NULL,
            study TEXT NOT NULL,
            model TEXT NOT NULL,
            request TEXT NOT NULL,
            text TEXT NOT NULL,
            finish_reason TEXT NOT NULL,
            outcome TEXT NOT NULL,
            created_at TEXT NOT NULL,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            price_nano_usd INTEGER,
            sent_at TEXT NOT NULL,
            answered_at TEXT NOT NULL,
            request_id TEXT
        ) STRICT;
        CREATE TABLE failures (
            key TEXT NOT NULL PRIMARY KEY,
            server TEXT NOT NULL,
            stage TEXT NOT NULL,
            study TEXT NOT NULL,
            model TEXT NOT NULL,
            reason TEXT NOT NULL,
            status_code INTEGER,
            attempts INTEGER NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            started_at TEXT NOT NULL,
            hits INTEGER NOT NULL,
            asked INTEGER NOT NULL,
            failed INTEGER NOT NULL
        ) STRICT;
        """;

    // Version 2: what was spent stays known when answers are thrown away, and does not grow when they are imported. Until then all that was bought
    // is in the answers.
    private const string SpendingSchema = """
        CREATE TABLE spending_calls (
            study TEXT NOT NULL,
            stage TEXT NOT NULL,
            server TEXT NOT NULL,
            model TEXT NOT NULL,
            calls INTEGER NOT NULL,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            settled_nano_usd INTEGER NOT NULL,
            unpriced INTEGER NOT NULL,
            PRIMARY KEY (study, stage, server, model)
        ) STRICT;
        CREATE TABLE spending_unclear (
            study TEXT NOT NULL,
            stage TEXT NOT NULL,
            model TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            nano_usd INTEGER NOT NULL,
            unpriced INTEGER NOT NULL,
            PRIMARY KEY (study, stage, model)
        ) STRICT;
        CREATE TABLE spending_entries (
            study TEXT NOT NULL,
            key TEXT NOT NULL,
            stage TEXT NOT NULL,
            purpose TEXT NOT NULL,
            reserved_nano_usd INTEGER,
            settled_nano_usd INTEGER,
            opened_at TEXT NOT NULL,
            settled_at TEXT,
            PRIMARY KEY (study, key)
        ) STRICT;
        CREATE TABLE spending_runs (
            id INTEGER PRIMARY KEY,
            study TEXT NOT NULL,
            started_at TEXT NOT NULL,
            allowance_nano_usd INTEGER NOT NULL
        ) STRICT;
        INSERT INTO spending_calls
            SELECT study, stage, server, model, count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),
                coalesce(sum(price_nano_usd), 0), sum(price_nano_usd IS NULL)
            FROM answers GROUP BY study, stage, server, model;
        """;

    /// <summary>A connection that commits durably.</summary>
    /// <exception cref="StageFailedException">The file is damaged, of another kind or a later version, or cannot be written.</exception>
    public static SqliteConnection Open(StoreOptions options)
    {
        SqliteConnection? connection = null;
        try
        {
            CreateFile(options.Path);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = options.Path,
                Mode = SqliteOpenMode.ReadWrite,

                // A pool would keep the file open after the store is closed.
                Pooling = false,
                DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
            }.ToString());
            connection.Open();
            Prepare(connection, options);
            return connection;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw StoreFaults.Translate(e, options.Path);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void CreateFile(string path)
    {
        // Everything in it is people's conversations. The journal files that SQLite puts beside it take its mode.
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return;
        }

        Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
        if (!File.Exists(path))
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = Owner,
            }).Dispose();
        }
        else if (File.GetUnixFileMode(path) is var mode && (mode & ~(Owner | UnixFileMode.UserExecute)) != UnixFileMode.None)
        {
            File.SetUnixFileMode(path, mode & Owner);
        }
    }

    private static void Prepare(SqliteConnection connection, StoreOptions options)
    {
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={(long)options.BusyTimeout.TotalMilliseconds}"));
        RequireOurs(connection, options.Path);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        if (options.MaxBytes is { } bytes)
        {
            var page = (long)Scalar(connection, "PRAGMA page_size")!;
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count={Math.Max(1, bytes / page)}"));
        }

        if (Version(connection) < SchemaVersion)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            // Another process may have been first.
            var version = Version(connection);
            if (version < 1)
            {
                Execute(connection, FirstSchema);
            }

            if (version < 2)
            {
                Execute(connection, SpendingSchema);
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={SchemaVersion}"));
            }

            transaction.Commit();
        }
    }

    private static void RequireOurs(SqliteConnection connection, string path)
    {
        var version = Version(connection);
        if (version > SchemaVersion)
        {
            throw new StageFailedException($"The response store '{path}' was made by a later version of this program. Use that version, or move the file away.");
        }

        if ((long)Scalar(connection, "PRAGMA application_id")! != ApplicationId && (long)Scalar(connection, "SELECT count(*) FROM sqlite_schema")! > 0)
        {
            throw new StageFailedException($"'{path}' is a database of another program, not a response store. Move it away, then run again.");
        }
    }

    private static long Version(SqliteConnection connection) => (long)Scalar(connection, "PRAGMA user_version")!;
}
