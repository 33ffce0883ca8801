using System.Diagnostics;
using System.Text;

namespace EndToEnd.Tests;

/// <summary>A run under way, whose output tells how far it has come.</summary>
internal sealed class LiveRun : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;

    public LiveRun(Checkout checkout, params string[] arguments)
        : this(checkout.Start([], arguments))
    {
    }

    /// <param name="process">Taken over.</param>
    public LiveRun(Process process)
    {
        _process = process;
        _process.StandardInput.Close();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What has been read so far.</summary>
    public string Output => _output.ToString();

    /// <summary>Reads on until a line contains a text.</summary>
    public void ReadTo(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _output.Append(line).Append('\n');
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The run ended without saying '{text}':\n{_output}\n{_error.Result}");
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to end.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Does as a terminal that is closed.</summary>
    public void HangUp() => Signal("HUP");

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    public Run Finish()
    {
        _output.Append(_process.StandardOutput.ReadToEnd());
        _process.WaitForExit();
        return new Run(_process.ExitCode, _output.ToString(), _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
