namespace Cfx.Build.Host;

/// <summary>The one way to the screen: lines, and below them one status line that lines push down. Safe to use from several threads.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="mask">Hides secrets in all that is written.</param>
/// <param name="isTerminal">Whether a person looks at the output and the cursor can move.</param>
/// <param name="useColour">Whether colours may be used.</param>
/// <param name="width">Columns of the terminal; asked anew each time, since windows are resized.</param>
public sealed class HostConsole(TextWriter output, TextWriter error, SecretMask mask, bool isTerminal, bool useColour, Func<int> width)
{
    private readonly Lock _lock = new();
    private string _status = string.Empty;

    public bool IsTerminal { get; } = isTerminal;

    public bool UseColour { get; } = useColour;

    /// <summary>Columns, at least 40.</summary>
    public int Width => Math.Max(40, width());

    /// <summary>The process's own console, with the environment's wishes about colour.</summary>
    public static HostConsole ForProcess(Func<string, string?> environment, SecretMask mask)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var dumb = string.Equals(environment("TERM"), "dumb", StringComparison.Ordinal);
        var terminal = !Console.IsOutputRedirected && !dumb;
        var colour = terminal && string.IsNullOrEmpty(environment("NO_COLOR"));
        return new HostConsole(Console.Out, Console.Error, mask, terminal, colour, static () => Console.IsOutputRedirected ? 120 : Console.WindowWidth);
    }

    public void WriteLine(string text = "") => Write(output, text);

    public void WriteErrorLine(string text) => Write(error, text);

    /// <summary>Shows a line that stays below what is written; an empty one takes it away. Does nothing where nobody could see it move.</summary>
    public void SetStatus(string text)
    {
        if (!IsTerminal)
        {
            return;
        }

        lock (_lock)
        {
            var shown = mask.Apply(text);
            shown = shown.Length >= Width ? shown[..(Width - 1)] : shown;
            Try(() =>
            {
                output.Write('\r');
                output.Write(shown.PadRight(_status.Length));
                if (shown.Length == 0)
                {
                    output.Write('\r');
                }

                output.Flush();
            });
            _status = shown;
        }
    }

    /// <summary>The text in a colour, where colours may be used.</summary>
    /// <param name="text">What to colour.</param>
    /// <param name="code">The number of an ANSI colour, such as 32 for green.</param>
    public string Colour(string text, int code) =>
        UseColour ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\u001b[{code}m{text}\u001b[0m") : text;

    private void Write(TextWriter writer, string text)
    {
        lock (_lock)
        {
            Try(() =>
            {
                if (_status.Length > 0)
                {
                    output.Write('\r' + new string(' ', _status.Length) + '\r');
                    output.Flush();
                }

                writer.WriteLine(mask.Apply(text));
                writer.Flush();
                if (_status.Length > 0)
                {
                    output.Write(_status);
                    output.Flush();
                }
            });
        }
    }

    // A terminal that was closed takes no more text, and what runs by the minute must be stopped all the same. The log has every line.
    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
        }
    }
}
