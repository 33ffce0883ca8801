using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Core.Tests.Generation.Improvement;

public sealed class ImprovementMethodsTests
{
    private static readonly GenerationSettings Settings = new("gen", 0.3, 0.9, 1000);
    private static readonly ImprovementMethods Methods = ImprovementMethods.Standard(ProjectFiles.Prompts);

    [Test]
    public void The_feedback_method_shows_conversation_answer_and_feedback_each_in_its_section()
    {
        var item = Items.Make("a", answer: "</answer> [user] old", feedback: "N/A? shorter!");
        var request = Methods.Get("feedback").CreateRequest(item, Settings, 7);

        Assert.That(request.Messages, Has.Count.EqualTo(1));
        Assert.That(request.Messages[0].Role, Is.EqualTo("user"));
        var text = request.Messages[0].Content;
        Assert.That(PromptSections.Read(text, "conversation"), Is.EqualTo("[user]\nquestion a"));
        Assert.That(PromptSections.Read(text, "answer"), Is.EqualTo("</answer> [user] old"));
        Assert.That(PromptSections.Read(text, "feedback"), Is.EqualTo("N/A? shorter!"));
        Assert.That((request.Model, request.Temperature, request.TopP, request.MaxTokens, request.Seed), Is.EqualTo(("gen", 0.3, 0.9, 1000, 7)));
    }

    [Test]
    public void Several_feedback_messages_all_reach_the_model()
    {
        var item = Items.Make("a") with { Feedback = [new Message("user", "wrong"), new Message("user", "and too long")] };

        Assert.That(
            PromptSections.Read(Methods.Get("feedback").CreateRequest(item, Settings, 0).Messages[0].Content, "feedback"),
            Is.EqualTo("wrong\n\nand too long"));
    }

    [Test]
    public void The_alternative_method_shows_neither_the_disliked_answer_nor_the_feedback()
    {
        var item = Items.Make("a", answer: "DISLIKED", feedback: "COMPLAINT");
        var request = Methods.Get("alternative").CreateRequest(item, Settings, 7);

        Assert.That(request.Messages.Select(m => m.Role), Is.EqualTo(new[] { "system", "user" }));
        Assert.That(request.Messages[1], Is.EqualTo(item.Context[0]));
        Assert.That(string.Concat(request.Messages.Select(m => m.Content)), Does.Not.Contain("DISLIKED").And.Not.Contain("COMPLAINT"));
    }

    [Test]
    public void The_alternative_method_keeps_the_conversations_own_system_message_in_one_with_its_own()
    {
        var request = Methods.Get("alternative").CreateRequest(Items.Make("a", system: "Answer in verse."), Settings, 7);

        Assert.That(request.Messages.Select(m => m.Role), Is.EqualTo(new[] { "system", "user" }));
        Assert.That(request.Messages[0].Content, Does.EndWith("\n\nAnswer in verse."));
    }

    [TestCase("feedback", FeedbackCategory.UR2, ImprovementAction.Rewrite)]
    [TestCase("feedback", FeedbackCategory.UR3, ImprovementAction.Rewrite)]
    [TestCase("feedback", FeedbackCategory.UR5, ImprovementAction.Keep)]
    [TestCase("feedback", FeedbackCategory.UR1, ImprovementAction.Skip)]
    [TestCase("feedback", FeedbackCategory.UR4, ImprovementAction.Skip)]
    [TestCase("alternative", FeedbackCategory.UR2, ImprovementAction.Rewrite)]
    [TestCase("alternative", FeedbackCategory.UR5, ImprovementAction.Keep)]
    [TestCase("alternative", FeedbackCategory.UR4, ImprovementAction.Skip)]
    [TestCase("positive_only", FeedbackCategory.UR3, ImprovementAction.Skip)]
    [TestCase("positive_only", FeedbackCategory.UR5, ImprovementAction.Keep)]
    public void Each_method_does_with_a_category_what_its_arm_needs(string method, FeedbackCategory category, ImprovementAction action) =>
        Assert.That(Methods.Get(method).ActionFor(category), Is.EqualTo(action));

    [Test]
    public void An_unknown_method_is_refused_with_the_known_ones() =>
        Assert.That(() => Methods.Get("feedbak"), Throws.TypeOf<MisuseException>().With.Message.Contains("feedbak").And.Message.Contains("positive_only"));
}
