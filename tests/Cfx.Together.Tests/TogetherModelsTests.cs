namespace Cfx.Together.Tests;

[TestFixture]
public sealed class TogetherModelsTests : ClientFixture
{
    private const string WhoAmI = "GET /v1/whoami";

    [TestCase("""{"user_id":"u","content_version":"c0ffee"}""", "c0ffee")]
    [TestCase("""{"user_id":"u"}""", null)]
    [TestCase("""{"content_version":7}""", null)]
    [TestCase("[]", null)]
    public async Task A_sandbox_tells_the_version_of_its_models_and_others_need_not(string body, string? version)
    {
        Server.Always(WhoAmI, Answer.Ok(body));
        Assert.That(await Client.Models.ContentVersionAsync(CancellationToken.None), Is.EqualTo(version));
    }

    [Test]
    public async Task A_server_without_that_route_has_no_version() =>
        Assert.That(await Client.Models.ContentVersionAsync(CancellationToken.None), Is.Null);
}
