using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

public sealed class ChatCallTests
{
    [TestCase(400, ChatCall.Refused)]
    [TestCase(413, ChatCall.Refused)]
    [TestCase(422, ChatCall.Refused)]
    [TestCase(401, ChatCall.Failed)]
    [TestCase(403, ChatCall.Failed)]
    [TestCase(404, ChatCall.Failed)]
    [TestCase(429, ChatCall.Failed)]
    [TestCase(503, ChatCall.Failed)]
    [TestCase(null, ChatCall.Failed)]
    public async Task Only_what_the_provider_refuses_for_its_content_is_not_worth_asking_again(int? status, string expected)
    {
        var call = await ChatCall.AskAsync(new Failing(status), new ChatRequest("m", [], 0, 1, 10, 1), CancellationToken.None);

        Assert.That((call.Status, call.IsWithoutReply, call.StatusCode, call.Reason), Is.EqualTo((expected, true, status, "no")));
    }

    private sealed class Failing(int? status) : IChatModel
    {
        public Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken) => throw new ProviderException("no", status);
    }
}
