using System.Globalization;
using Cake.Core.Diagnostics;
using Cfx.Build.Host;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Cfx.Build.Logging;

/// <summary>Log lines on the host's console: plain text for information, the level's name before anything else, errors to standard error,
/// stack traces only when all is to be told.</summary>
internal sealed class ConsoleSink(HostConsole console, Verbosity verbosity) : ILogEventSink
{
    private readonly MessageTemplateTextFormatter _formatter = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Emit(LogEvent logEvent)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        _formatter.Format(logEvent, message);
        var text = message.ToString();
        if (logEvent.Exception is { } exception)
        {
            text += verbosity == Verbosity.Diagnostic ? Environment.NewLine + exception : $" {exception.Message}";
        }

        switch (logEvent.Level)
        {
            case LogEventLevel.Fatal or LogEventLevel.Error:
                console.WriteErrorLine(console.Colour("error: ", 31) + text);
                break;
            case LogEventLevel.Warning:
                console.WriteLine(console.Colour("warning: ", 33) + text);
                break;
            default:
                console.WriteLine(text);
                break;
        }
    }
}
