using System.Text;
using Serilog.Sinks.File;

namespace Cfx.Build.Logging;

/// <summary>Keeps log files to their owner: they may quote conversations.</summary>
internal sealed class OwnerOnlyFiles : FileLifecycleHooks
{
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return base.OnFileOpened(path, underlyingStream, encoding);
    }
}
