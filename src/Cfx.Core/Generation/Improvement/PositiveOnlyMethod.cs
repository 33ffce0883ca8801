using Cfx.Core.Conversations;

namespace Cfx.Core.Generation.Improvement;

/// <summary>Trains on the answers that users liked and on nothing else; asks no model.</summary>
public sealed class PositiveOnlyMethod : IImprovementMethod
{
    public const string MethodName = "positive_only";

    public string Name => MethodName;

    public string GenerationMethod => "positive_only";

    public IReadOnlyList<PromptTemplate> Prompts => [];

    public ImprovementAction ActionFor(FeedbackCategory category) =>
        category == FeedbackCategory.UR5 ? ImprovementAction.Keep : ImprovementAction.Skip;

    public ChatRequest CreateRequest(FeedbackItem item, GenerationSettings settings, int seed) =>
        throw new InvalidOperationException("This method rewrites nothing.");
}
