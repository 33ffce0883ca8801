using Cfx.Core.Generation;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class TogetherModelsTests : ClientFixture
{
    private const string WhoAmI = "GET /v1/whoami";

    [TestCase("""{"user_id":"u","content_version":"c0ffee"}""", "c0ffee")]
    [TestCase("""{"user_id":"u","content_version":null}""", null)]
    public async Task A_sandbox_tells_the_version_of_its_models_or_that_it_has_none(string body, string? version)
    {
        Server.Always(WhoAmI, Answer.Ok(body));
        Assert.That(await Client.Models.ContentVersionAsync(CancellationToken.None), Is.EqualTo(version));
    }

    [TestCase("""{"user_id":"u"}""")]
    [TestCase("""{"content_version":7}""")]
    [TestCase("[]")]
    public async Task A_reply_that_leaves_the_version_out_is_spoilt_and_asked_for_again_since_answers_are_kept_under_it(string spoilt)
    {
        Server.Once(WhoAmI, Answer.Ok(spoilt));
        Server.Once(WhoAmI, Answer.Ok("""{"content_version":"c0ffee"}"""));
        Assert.That(await Client.Models.ContentVersionAsync(CancellationToken.None), Is.EqualTo("c0ffee"));
    }

    [Test]
    public void A_server_that_never_tells_its_version_is_not_taken_for_one_without()
    {
        Server.Always(WhoAmI, Answer.Ok("""{"user_id":"u"}"""));
        Assert.That(
            async () => await Client.Models.ContentVersionAsync(CancellationToken.None),
            Throws.TypeOf<ProviderException>().With.Message.Contains("it has no content_version"));
    }

    [Test]
    public async Task A_server_without_that_route_has_no_version() =>
        Assert.That(await Client.Models.ContentVersionAsync(CancellationToken.None), Is.Null);
}
