using System.Globalization;

namespace Cfx.Core.Artifacts;

/// <summary>Keeps a second run out of a folder that a first is working on. Freed when the process ends, however it ends.</summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The lock file; created when missing and left in place.</param>
    /// <param name="now">Written into the file for the message of a second run.</param>
    /// <exception cref="StageFailedException">Another run holds it.</exception>
    public static RunLock Acquire(string path, DateTimeOffset now)
    {
        PrivateFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StageFailedException(
                $"Another run{Holder(path)} is working in this folder (lock {path}). Wait until it has ended, then run again.", e);
        }

        var holder = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, started {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        File.WriteAllText(path + ".holder", holder);
        return new RunLock(stream);
    }

    public void Dispose() => _stream.Dispose();

    // The lock file itself cannot be read while it is held, so who holds it stands beside it.
    private static string Holder(string path)
    {
        try
        {
            return $" ({File.ReadAllText(path + ".holder")})";
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
