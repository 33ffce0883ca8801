using Cfx.Core.Conversations;

namespace Cfx.Core.Generation.Improvement;

/// <summary>Asks for a fresh answer to the same context. Neither the disliked answer nor the feedback is in the request.</summary>
/// <param name="prompt">A fixed instruction without placeholders, sent as (or before) the system message.</param>
public sealed class AlternativeMethod(PromptTemplate prompt) : IImprovementMethod
{
    public const string MethodName = "alternative";

    private static readonly Dictionary<string, string> NoValues = [];

    public string Name => MethodName;

    public string GenerationMethod => "alternative_generation";

    public IReadOnlyList<PromptTemplate> Prompts { get; } = [prompt];

    /// <summary>Loads alternative.txt.</summary>
    /// <exception cref="MisuseException">The prompt is missing or broken.</exception>
    public static AlternativeMethod Load(string promptFolder) => new(PromptTemplate.Load(Path.Combine(promptFolder, "alternative.txt")));

    public ImprovementAction ActionFor(FeedbackCategory category) => RewritingMethods.ActionFor(category);

    public ChatRequest CreateRequest(FeedbackItem item, GenerationSettings settings, int seed)
    {
        var instruction = prompt.Fill(NoValues);
        // Many chat templates take one system message at most, so the conversation's own joins ours.
        IReadOnlyList<Message> messages = item.Context is [{ Role: Roles.System } system, ..]
            ? [new Message(Roles.System, $"{instruction}\n\n{system.Content}"), .. item.Context.Skip(1)]
            : [new Message(Roles.System, instruction), .. item.Context];
        return new ChatRequest(settings.Model, messages, settings.Temperature, settings.TopP, settings.MaxTokens, seed);
    }
}
