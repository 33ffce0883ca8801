namespace Cfx.Core;

/// <summary>A stage was asked rightly and could not finish. Exit code 1.</summary>
public sealed class StageFailedException(string message, Exception? innerException = null) : CfxException(message, innerException)
{
    public override int ExitCode => 1;
}
