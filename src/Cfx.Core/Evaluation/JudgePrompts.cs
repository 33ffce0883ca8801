using Cfx.Core.Conversations;
using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>What the judge is asked.</summary>
/// <param name="Judge">With the placeholders conversation, answer_a and answer_b.</param>
/// <param name="Reminder">Added when a reply had no clear verdict; without placeholders.</param>
public sealed record JudgePrompts(PromptTemplate Judge, PromptTemplate Reminder)
{
    private static readonly Dictionary<string, string> NoValues = [];

    /// <summary>Loads judge.txt and judge_reminder.txt.</summary>
    /// <exception cref="MisuseException">A prompt is missing or broken.</exception>
    public static JudgePrompts Load(string promptFolder) => new(
        PromptTemplate.Load(Path.Combine(promptFolder, "judge.txt"), "conversation", "answer_a", "answer_b"),
        PromptTemplate.Load(Path.Combine(promptFolder, "judge_reminder.txt")));

    /// <summary>One question to the judge, all in one user message.</summary>
    /// <param name="context">The conversation up to the answers.</param>
    /// <param name="answerA">Shown first.</param>
    /// <param name="answerB">Shown second.</param>
    /// <param name="remind">Whether to add the reminder of the reply's form.</param>
    public IReadOnlyList<Message> Messages(IReadOnlyList<Message> context, string answerA, string answerB, bool remind)
    {
        var text = Judge.Fill(PromptSections.Render(
            ("conversation", Transcript.Render(context)),
            ("answer_a", answerA),
            ("answer_b", answerB)));
        return [new Message(Roles.User, remind ? $"{text}\n\n{Reminder.Fill(NoValues)}" : text)];
    }
}
