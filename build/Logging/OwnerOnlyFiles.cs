using System.Text;
using Serilog.Sinks.File;

namespace Cfx.Build.Logging;

/// <summary>Keeps log files to their owner, since they may quote conversations, and the run going when they cannot be written.</summary>
internal sealed class OwnerOnlyFiles : FileLifecycleHooks
{
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new LenientStream(underlyingStream);
    }
}
