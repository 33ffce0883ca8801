using Cfx.Core.Conversations;
using Cfx.Core.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class LastAssistantMaskTests
{
    private static readonly Gen<IReadOnlyList<Message>> AnyConversation =
        from roles in Gen.Elements(Roles.System, Roles.User, Roles.Assistant).ListOf()
        from contents in Gen.Elements("a", "b", "ünï 🙂").ListOf(roles.Count)
        select (IReadOnlyList<Message>)[.. roles.Zip(contents, (r, c) => new Message(r, c))];

    [Test]
    public void Exactly_the_last_assistant_message_has_weight_1_in_any_conversation() =>
        Prop.ForAll(AnyConversation.ToArbitrary(), messages =>
        {
            var masked = LastAssistantMask.Apply(messages);
            var last = messages.ToList().FindLastIndex(m => m.Role is Roles.Assistant);
            return masked.Count == messages.Count
                && masked.Select((m, i) => (m.Role, m.Content, m.Weight) == (messages[i].Role, messages[i].Content, i == last ? 1 : 0)).All(x => x);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_shortened_conversation_keeps_its_system_message_its_answer_and_begins_with_the_user() =>
        Prop.ForAll(TrainingGenerators.Conversation().ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (messages, limit) =>
        {
            var head = messages[0].Role is Roles.System ? 1 : 0;
            var shortened = LastAssistantMask.Shorten(messages, limit);
            var kept = shortened.Skip(head).ToList();
            return shortened.Take(head).SequenceEqual(messages.Take(head))
                && kept[0].Role is Roles.User
                && kept.Count - 1 <= limit
                && kept.SequenceEqual(messages.TakeLast(kept.Count))
                && (kept.Count - 1 >= Math.Min(limit - 1, messages.Count - 1 - head));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_shortened_conversation_still_passes_the_strict_check() =>
        Prop.ForAll(TrainingGenerators.Conversation().ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (messages, limit) =>
            TrainingFileCheck.Fault(LastAssistantMask.Apply(LastAssistantMask.Shorten(messages, limit))) is null).QuickCheckThrowOnFailure();

    [Test]
    public void Without_a_limit_nothing_is_cut()
    {
        var messages = new Message[] { new(Roles.User, "q"), new(Roles.Assistant, "a") };
        Assert.That(LastAssistantMask.Shorten(messages, null), Is.EqualTo(messages));
    }

    [Test]
    public void A_limit_below_1_is_refused() =>
        Assert.That(() => LastAssistantMask.Shorten([], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
