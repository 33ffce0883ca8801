using Cfx.Core;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>Says in one line what is wrong with the store's file and what to do.</summary>
internal static class StoreFaults
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static StageFailedException Translate(Exception e, string path) => new(
        e is SqliteException sqlite ? Describe(sqlite, path) : $"The response store '{path}' cannot be used: {e.Message.TrimEnd('.')}. Make it a file that is yours to read and write, then run again.", e);

    public static StageFailedException Damaged(string path, string what) => new(
        $"The response store '{path}' is damaged: {what}. Nothing was removed. Save what can be read with 'sqlite3 {Path.GetFileName(path)} .recover', "
        + "or put a copy or an export in its place; moving it away makes the next run ask for every answer again.");

    private static string Describe(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Full => $"The response store '{path}' cannot grow: the disk is full or its limit is reached. Make room, then run again; what was stored is kept.",
        ReadOnly or CannotOpen => $"The response store '{path}' cannot be written ({Words(e)}). Make the file and its folder yours to write, then run again.",
        Busy or Locked => $"The response store '{path}' is in use by another process that does not let go. End that process, then run again.",
        Corrupt or NotADatabase => Damaged(path, Words(e)).Message,
        IoError => $"The response store '{path}' cannot be read or written ({Words(e)}). Check the disk, then run again; what was stored is kept.",
        _ => $"The response store '{path}' failed: {Words(e)}.",
    };

    // "SQLite Error 8: 'attempt to write a readonly database'."
    private static string Words(SqliteException e)
    {
        var parts = e.Message.Split('\'');
        return parts.Length > 2 ? string.Join('\'', parts[1..^1]) : e.Message.TrimEnd('.');
    }
}
