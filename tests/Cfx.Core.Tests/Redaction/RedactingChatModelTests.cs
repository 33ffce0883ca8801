using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Redaction;

namespace Cfx.Core.Tests.Redaction;

public sealed class RedactingChatModelTests
{
    [Test]
    public async Task Neither_what_is_sent_nor_what_comes_back_holds_what_the_rules_name()
    {
        var inner = new KeepingModel("Write to bob@example.org.");
        var model = new RedactingChatModel(inner, new Redactor([BuiltInRules.Get("email")]));
        var request = new ChatRequest(
            "ann@example.org/model", [new Message(Roles.System, "Be kind."), new Message(Roles.User, "I am ann@example.org.")], 0, 1, 10, 1);

        var reply = await model.CompleteAsync(request, CancellationToken.None);

        Assert.That(reply.Content, Is.EqualTo("Write to [EMAIL]."));
        Assert.That(inner.Asked!.Messages.Select(m => m.Content), Is.EqualTo(new[] { "Be kind.", "I am [EMAIL]." }));
        Assert.That(inner.Asked with { Messages = request.Messages }, Is.EqualTo(request), "all else is as it was");
    }

    private sealed class KeepingModel(string answer) : IChatModel
    {
        public ChatRequest? Asked { get; private set; }

        public Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
        {
            Asked = request;
            return Task.FromResult(new ChatReply(ChatOutcome.Complete, answer, "stop", DateTimeOffset.UnixEpoch, 1, 1));
        }
    }
}
