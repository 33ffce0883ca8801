using Cfx.Core.Conversations;

namespace Cfx.Core.Generation.Improvement;

/// <summary>Rewrites the disliked answer with the user's feedback in view; the model may decline.</summary>
/// <param name="prompt">A prompt with the placeholders conversation, answer and feedback.</param>
public sealed class FeedbackMethod(PromptTemplate prompt) : IImprovementMethod
{
    public const string MethodName = "feedback";

    public string Name => MethodName;

    public string GenerationMethod => "feedback_based";

    public IReadOnlyList<PromptTemplate> Prompts { get; } = [prompt];

    /// <summary>Loads feedback.txt.</summary>
    /// <exception cref="MisuseException">The prompt is missing or broken.</exception>
    public static FeedbackMethod Load(string promptFolder) =>
        new(PromptTemplate.Load(Path.Combine(promptFolder, "feedback.txt"), "conversation", "answer", "feedback"));

    public ImprovementAction ActionFor(FeedbackCategory category) => RewritingMethods.ActionFor(category);

    public ChatRequest CreateRequest(FeedbackItem item, GenerationSettings settings, int seed)
    {
        var text = prompt.Fill(PromptSections.Render(
            ("conversation", Transcript.Render(item.Context)),
            ("answer", item.Answer.Content),
            ("feedback", string.Join("\n\n", item.Feedback.Select(m => m.Content)))));
        return new ChatRequest(settings.Model, [new Message(Roles.User, text)], settings.Temperature, settings.TopP, settings.MaxTokens, seed);
    }
}
