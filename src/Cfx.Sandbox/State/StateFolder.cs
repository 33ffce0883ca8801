using Cfx.Core;

namespace Cfx.Sandbox.State;

/// <summary>The folder that survives the server, held by one server at a time.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _holder;

    private StateFolder(string root, FileStream heldLock)
    {
        Root = root;
        _lock = heldLock;
        _holder = Path.Combine(root, "server.json");
        Files = Directory.CreateDirectory(Path.Combine(root, "files")).FullName;
        Jobs = Directory.CreateDirectory(Path.Combine(root, "jobs")).FullName;
        Batches = Directory.CreateDirectory(Path.Combine(root, "batches")).FullName;
        Models = Directory.CreateDirectory(Path.Combine(root, "models")).FullName;
        Cache = Directory.CreateDirectory(Path.Combine(root, "cache")).FullName;
    }

    public string Root { get; }

    public string Files { get; }

    public string Jobs { get; }

    public string Batches { get; }

    public string Models { get; }

    /// <summary>What can be made again: base models as trained.</summary>
    public string Cache { get; }

    public string Ledger => Path.Combine(Root, "ledger.jsonl");

    /// <summary>Takes the folder. The system releases it when the process ends in whatever way.</summary>
    /// <exception cref="MisuseException">Another server holds it, or it cannot be used.</exception>
    public static StateFolder Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            // Conversations are stored here: for their owner alone.
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(root);
            }
            else
            {
                Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"The sandbox's state folder {root} cannot be made: {error.Message}", error);
        }

        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new MisuseException(
                $"Another sandbox is using the state folder {root}{HolderOf(root)}. Stop it, or give this one a folder of its own.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new MisuseException($"The sandbox's state folder {root} cannot be written: {error.Message}", error);
        }

        return new StateFolder(root, held);
    }

    /// <summary>Tells whoever finds the folder taken where its server is.</summary>
    public void Announce(string baseUrl) => File.WriteAllText(
        _holder,
        $$"""{"pid":{{Environment.ProcessId}},"url":"{{baseUrl}}"}""" + "\n");

    /// <summary>Writes a file so that it is seen whole or not at all, also after a power cut.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _lock.Dispose();
    }

    private static string HolderOf(string root)
    {
        try
        {
            return " (" + File.ReadAllText(Path.Combine(root, "server.json")).Trim() + ")";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
