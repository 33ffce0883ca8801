namespace EndToEnd.Tests;

/// <summary>What a finished run said.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
}
