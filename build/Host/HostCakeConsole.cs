using System.Globalization;
using System.Text;
using Cake.Core;

namespace Cfx.Build.Host;

/// <summary>Cake's console over the host's, for aliases that write to it. Parts of a line are kept until the line ends.</summary>
internal sealed class HostCakeConsole(HostConsole console) : IConsole
{
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _errorLine = new();

    public ConsoleColor ForegroundColor { get; set; }

    public ConsoleColor BackgroundColor { get; set; }

    public bool SupportAnsiEscapeCodes => console.UseColour;

    public void Write(string format, params object[] arg) => _line.Append(CultureInfo.InvariantCulture, $"{Format(format, arg)}");

    public void WriteLine(string format, params object[] arg)
    {
        console.WriteLine(_line + Format(format, arg));
        _line.Clear();
    }

    public void WriteError(string format, params object[] arg) => _errorLine.Append(CultureInfo.InvariantCulture, $"{Format(format, arg)}");

    public void WriteErrorLine(string format, params object[] arg)
    {
        console.WriteErrorLine(_errorLine + Format(format, arg));
        _errorLine.Clear();
    }

    public void ResetColor()
    {
    }

    private static string Format(string format, object[] arg) =>
        arg is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, format, arg) : format;
}
