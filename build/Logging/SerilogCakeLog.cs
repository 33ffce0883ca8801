using System.Globalization;
using Cake.Core.Diagnostics;
using Serilog;
using Serilog.Events;

namespace Cfx.Build.Logging;

/// <summary>Cake's log over Serilog, so that the engine, aliases and stages speak through one channel.</summary>
public sealed class SerilogCakeLog(ILogger logger, Verbosity verbosity) : ICakeLog
{
    public Verbosity Verbosity { get; set; } = verbosity;

    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args)
    {
        var text = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);

        // The engine's own remark beside every failed task: the host says it once, with the cause.
        var serilogLevel = format.StartsWith("An error occurred when executing task", StringComparison.Ordinal)
            ? LogEventLevel.Debug
            : LevelOf(level);

        // Cake adds whole exceptions to some of its lines.
        var shown = serilogLevel >= LogEventLevel.Error && Verbosity != Verbosity.Diagnostic ? text.Split('\n')[0].TrimEnd() : text;
        logger.Write(serilogLevel, "{Text:l}", shown);
    }

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Fatal => LogEventLevel.Fatal,
        LogLevel.Error => LogEventLevel.Error,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Verbose => LogEventLevel.Debug,
        _ => LogEventLevel.Verbose,
    };
}
