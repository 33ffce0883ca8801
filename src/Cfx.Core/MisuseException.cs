namespace Cfx.Core;

/// <summary>What was asked for cannot be done as asked: a bad option, configuration or input file. Exit code 2.</summary>
public sealed class MisuseException(string message, Exception? innerException = null) : CfxException(message, innerException)
{
    public override int ExitCode => 2;
}
