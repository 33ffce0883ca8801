using System.Globalization;
using Cake.Common.Build;
using Cfx.Build.Host;

namespace Cfx.Build.Ci;

/// <summary>Writes a build server's commands between the other lines, whole and with secrets hidden.</summary>
public sealed class ConsoleMessageWriter(HostConsole console) : IBuildSystemServiceMessageWriter
{
    public void Write(string format, params object[] args) => console.WriteLine(string.Format(CultureInfo.InvariantCulture, format, args));
}
