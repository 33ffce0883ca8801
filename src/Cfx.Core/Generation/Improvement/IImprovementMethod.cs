using Cfx.Core.Conversations;

namespace Cfx.Core.Generation.Improvement;

/// <summary>One way to make training answers from feedback items. A new method is a class that implements this, added to
/// <see cref="ImprovementMethods.Standard"/>.</summary>
public interface IImprovementMethod
{
    /// <summary>How the method is chosen and its files are named: lower case, digits and underscores.</summary>
    string Name { get; }

    /// <summary>The value of a record's "generation_method".</summary>
    string GenerationMethod { get; }

    /// <summary>The prompts it uses: part of what decides whether a stage must run again.</summary>
    IReadOnlyList<PromptTemplate> Prompts { get; }

    /// <summary>What becomes of an item of this category.</summary>
    ImprovementAction ActionFor(FeedbackCategory category);

    /// <summary>What the model is asked about an item whose action is <see cref="ImprovementAction.Rewrite"/>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="settings">How to ask.</param>
    /// <param name="seed">The item's seed, the same in every method.</param>
    ChatRequest CreateRequest(FeedbackItem item, GenerationSettings settings, int seed);
}
