namespace Cfx.Core.Artifacts;

/// <summary>Folders for people's conversations: whoever makes one keeps it to himself.</summary>
public static class PrivateFolder
{
    /// <summary>Makes a folder and those above it that are missing, for their owner alone (0700) where the system knows such a thing. A folder that
    /// exists stays as its owner wants it.</summary>
    /// <returns>The absolute path.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be made.</exception>
    public static string Create(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path).FullName
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}
