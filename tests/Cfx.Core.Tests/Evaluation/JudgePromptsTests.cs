using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Tests.Generation;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Evaluation;

public sealed class JudgePromptsTests
{
    private static readonly JudgePrompts Prompts = JudgePrompts.Load(ProjectFiles.Prompts);

    [Test]
    public void The_judge_reads_both_answers_exactly_whatever_they_quote() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNull<string>, NonNull<string>)>(), answers =>
        {
            var (a, b) = (answers.Item1.Get, answers.Item2.Get);
            var plain = Prompts.Messages([new Message("user", "q")], a, b, remind: false).Single().Content;
            // One answer quotes the whole prompt that it would have stood in.
            var text = Prompts.Messages([new Message("user", "q")], plain, b, remind: true).Single().Content;
            return PromptSections.Read(text, "answer_a") == plain
                && PromptSections.Read(text, "answer_b") == b
                && PromptSections.Read(text, "conversation") == "[user]\nq";
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_reminder_comes_after_the_whole_prompt()
    {
        var plain = Prompts.Messages([new Message("user", "q")], "a", "b", remind: false).Single();
        var reminded = Prompts.Messages([new Message("user", "q")], "a", "b", remind: true).Single();

        Assert.That(reminded.Content, Does.StartWith(plain.Content).And.Length.GreaterThan(plain.Content.Length));
        Assert.That(plain.Content, Does.Contain("[[A]]").And.Contain("[[B]]").And.Contain("[[TIE]]"));
    }
}
