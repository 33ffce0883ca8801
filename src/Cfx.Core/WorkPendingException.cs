namespace Cfx.Core;

/// <summary>Work goes on elsewhere (a fine-tuning job) and the run was told not to wait for it. Exit code 3.</summary>
public sealed class WorkPendingException(string message) : CfxException(message)
{
    public override int ExitCode => 3;
}
