using Cfx.Core.Generation;

namespace Cfx.Together.Store;

/// <summary>Outcomes as the store writes them.</summary>
internal static class OutcomeWords
{
    public static string Of(ChatOutcome outcome) => outcome switch
    {
        ChatOutcome.Complete => ChatCall.Complete,
        ChatOutcome.CutOff => ChatCall.CutOff,
        ChatOutcome.Empty => ChatCall.Empty,
        ChatOutcome.Refused => ChatCall.Refused,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome."),
    };

    /// <summary>Null for an unknown word.</summary>
    public static ChatOutcome? Read(string word) => word switch
    {
        ChatCall.Complete => ChatOutcome.Complete,
        ChatCall.CutOff => ChatOutcome.CutOff,
        ChatCall.Empty => ChatOutcome.Empty,
        ChatCall.Refused => ChatOutcome.Refused,
        _ => null,
    };
}
