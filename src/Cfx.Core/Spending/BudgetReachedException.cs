namespace Cfx.Core.Spending;

/// <summary>The next purchase would pass the study's budget. Everything bought so far is kept.</summary>
/// <param name="message">One line for a person: what is spent and set aside, what was wanted, and the remedy.</param>
public sealed class BudgetReachedException(string message) : CfxException(message)
{
    public override int ExitCode => 1;
}
