using Cfx.Build.Composition;
using Cfx.Build.Composition.Planning;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Build.Tests.Composition.Providers;

[CancelAfter(120_000)]
public sealed class ProviderSessionTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();
    private string _root = null!;

    [SetUp]
    public void Begin() => _root = Directory.CreateTempSubdirectory("cfx-providers").FullName;

    [TearDown]
    public void End() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task A_sandbox_that_poses_as_Together_is_refused_before_it_sees_the_key()
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { StateFolder = Path.Combine(_root, "state") }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var session = Session("together", name => name == "TOGETHER_API_KEY" ? "tgp-secret" : null, ("study", "base-url", sandbox.BaseUrl));
        Assert.That(
            () => session.ChatAsync("process", new CostTally(), CancellationToken.None),
            Throws.TypeOf<MisuseException>().With.Message.Contains("is a sandbox").And.Message.Contains("--provider=sandbox"));
    }

    [Test]
    public async Task An_OpenAI_compatible_server_answers_and_does_not_train()
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { StateFolder = Path.Combine(_root, "state") }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var session = Session("openai", name => name == "OPENAI_API_KEY" ? "sk-secret" : null, ("study", "base-url", sandbox.BaseUrl));
        var chat = await session.ChatAsync("evaluate", new CostTally(), CancellationToken.None);
        var reply = await chat.CompleteAsync(
            new ChatRequest("sandbox/large", [new Message(Roles.User, "How do I boil an egg?")], 0, 1, 50, 1), CancellationToken.None);
        Assert.That(reply.Content, Is.Not.Empty);
        Assert.That(
            () => session.FineTuningAsync(CancellationToken.None),
            Throws.TypeOf<MisuseException>().With.Message.Contains("does not train").And.Message.Contains("--process-provider=openai"));
    }

    private ProviderSession Session(string provider, Func<string, string?> variable, params (string Section, string Key, string Text)[] given)
    {
        var options = new OptionValues(
            Catalog,
            given.Select(g => new OptionValue(Catalog.Find(g.Section, g.Key)!, g.Text, OptionOrigin.CommandLine, "command line")),
            ArmDefinition.Defaults,
            _ => provider);
        return new ProviderSession(options, _root, variable, new StudyMoney(options, _root, TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);
    }
}
