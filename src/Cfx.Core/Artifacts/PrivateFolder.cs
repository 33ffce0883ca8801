namespace Cfx.Core.Artifacts;

/// <summary>Folders for people's conversations: whoever makes one keeps it to himself.</summary>
public static class PrivateFolder
{
    /// <summary>Makes a folder and those above it that are missing, for their owner alone (0700) where the system knows such a thing. A folder that
    /// exists stays as its owner wants it.</summary>
    /// <returns>The absolute path.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be made.</exception>
    public static string Create(string path)
    {
        var full = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(full).FullName;
        }

        // The framework gives the mode to the last folder alone.
        var missing = new Stack<string>();
        for (var folder = full; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }

        while (missing.TryPop(out var folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return full;
    }
}
