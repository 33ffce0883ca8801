using System.Text;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Store;

/// <summary>Answers that came when the store could no longer be written: kept beside it, one a line, and taken up when it is next opened.</summary>
internal static class RescuedAnswers
{
    public static string PathFor(string store) => store + ".rescued.jsonl";

    /// <summary>Keeps an answer. One caller at a time.</summary>
    /// <returns>The fault with what became of the answer.</returns>
    public static StageFailedException Keep(StoredAnswer answer, string store, StageFailedException fault)
    {
        var path = PathFor(store);
        try
        {
            var line = JsonText.Line(AnswerJson.Write(answer));
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stream = new FileStream(path, options);
            DurableWrites.Log.Before(DurableWrites.AppendKind, path);
            stream.Write(EndsWithALine(stream) ? line : [(byte)'\n', .. line]);
            stream.Flush(flushToDisk: true);
            DurableWrites.Log.After(DurableWrites.AppendKind, path);

            return new StageFailedException($"{fault.Message} Answers that were on their way are in '{path}'; the next run takes them up.", fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StageFailedException($"{fault.Message} An answer of '{answer.Model}' could not be kept ({e.Message}) and will be asked for again.", fault);
        }
    }

    /// <summary>Whether the next line can follow the last one, which may have been torn by a full disk; leaves the stream at its end.</summary>
    private static bool EndsWithALine(FileStream stream)
    {
        if (stream.Length == 0)
        {
            return true;
        }

        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    /// <summary>Stores what was kept, then removes the file.</summary>
    public static void TakeUp(SqliteConnection connection, string store, ILogger logger)
    {
        var path = PathFor(store);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var answers = new List<StoredAnswer>();
            while (reader.ReadLine() is { } line)
            {
                try
                {
                    answers.Add(AnswerJson.Read(line));
                }
                catch (FormatException e)
                {
                    // A disk that ran full in the midst of a line.
                    logger.LogWarning("{Path}: a line is passed over: {Reason}", path, e.Message);
                }
            }

            var result = AnswerImport.Add(connection, answers);
            File.Delete(path);
            logger.LogInformation("{Count} answers that an earlier run could not store were taken up", result.Added);
        }
        catch (IOException e)
        {
            throw new StageFailedException($"'{path}' holds answers that were paid for and cannot be read: {e.Message}. End other runs, then run again.", e);
        }
    }
}
