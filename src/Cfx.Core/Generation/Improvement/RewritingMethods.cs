using Cfx.Core.Conversations;

namespace Cfx.Core.Generation.Improvement;

/// <summary>What the methods that rewrite have in common, so that their arms hold the same records.</summary>
internal static class RewritingMethods
{
    internal static ImprovementAction ActionFor(FeedbackCategory category) => category switch
    {
        FeedbackCategory.UR2 or FeedbackCategory.UR3 => ImprovementAction.Rewrite,
        FeedbackCategory.UR5 => ImprovementAction.Keep,
        _ => ImprovementAction.Skip,
    };
}
