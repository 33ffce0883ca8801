using System.Globalization;
using Cake.Core.Diagnostics;
using Cfx.Build.Host;
using Cfx.Core.Artifacts;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Cfx.Build.Logging;

/// <summary>Puts the log together: the console as talkative as asked, a rolling file that keeps more.</summary>
public static class LogSetup
{
    private const int DaysKept = 14;

    /// <param name="console">Gets what the verbosity lets through.</param>
    /// <param name="verbosity">Of the console; the file has debug lines always and everything when diagnostic.</param>
    /// <param name="folder">Where the file goes; null for no file.</param>
    /// <param name="mask">Hides secrets in the file; the console hides its own.</param>
    public static Logger Create(HostConsole console, Verbosity verbosity, string? folder, SecretMask mask)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(verbosity == Verbosity.Diagnostic ? LogEventLevel.Verbose : LogEventLevel.Debug)
            .WriteTo.Sink(new ConsoleSink(console, verbosity), LevelOf(verbosity));
        if (folder is not null)
        {
            var formatter = new MessageTemplateTextFormatter(
                "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}",
                CultureInfo.InvariantCulture);
            try
            {
                PrivateFolder.Create(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Then there is no file; the run does not depend on it.
            }

            configuration.WriteTo.File(
                new MaskingFormatter(formatter, mask),
                Path.Combine(folder, "cfx-.log"),
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: DaysKept,
                hooks: new OwnerOnlyFiles());
        }

        return configuration.CreateLogger();
    }

    private static LogEventLevel LevelOf(Verbosity verbosity) => verbosity switch
    {
        Verbosity.Quiet => LogEventLevel.Error,
        Verbosity.Minimal => LogEventLevel.Warning,
        Verbosity.Verbose => LogEventLevel.Debug,
        Verbosity.Diagnostic => LogEventLevel.Verbose,
        _ => LogEventLevel.Information,
    };
}
