using Cfx.Core.Generation;

namespace Cfx.Core.Spending;

/// <summary>What was set aside for one attempt. Exactly one of the methods is called, once, when the attempt has ended.</summary>
public interface ICallCharge
{
    /// <summary>The attempt was answered: it costs what the reply's token counts say.</summary>
    void Settle(ChatReply reply);

    /// <summary>The provider refused or never saw the attempt: it costs nothing.</summary>
    void Release();

    /// <summary>The attempt may or may not have been billed, since its reply was lost or unusable: it counts as if it cost the most.</summary>
    void Unclear();
}
