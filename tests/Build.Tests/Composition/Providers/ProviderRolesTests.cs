using Cfx.Build.Composition;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;

namespace Build.Tests.Composition.Providers;

public sealed class ProviderRolesTests
{
    private const string Local = "http://127.0.0.1:8000/v1";
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    [Test]
    public void Every_section_is_the_studys_provider_unless_it_names_its_own()
    {
        var roles = Roles("together", [], ("evaluate", "provider", "openai"), ("evaluate", "base-url", Local));
        Assert.That(
            ProviderRoles.Sections.Select(s => roles.For(s).Identity),
            Is.EqualTo(new[] { "together", "together", "together", "openai " + Local }));
        Assert.That(roles.For("process").Address, Is.EqualTo(new Uri("https://api.together.ai/v1")));
    }

    [Test]
    public void What_is_said_for_one_provider_is_not_taken_for_anothers()
    {
        var roles = Roles(
            "together", [("OPENAI_BASE_URL", Local), ("TOGETHER_BASE_URL", "https://proxy.example/v1/")], ("process", "provider", "openai"), ("evaluate", "provider", "sandbox"));
        Assert.That(
            ProviderRoles.Sections.Select(s => roles.For(s).Identity),
            Is.EqualTo(new[] { "openai " + Local, "together https://proxy.example/v1", "together https://proxy.example/v1", "sandbox" }));
        Assert.That((roles.For("evaluate").IsEmbedded, roles.For("finetune").IsEmbedded), Is.EqualTo((true, false)));
    }

    [Test]
    public void The_nearest_word_counts_the_sections_then_the_studys_then_the_environments()
    {
        (string, string)[] environment = [("TOGETHER_BASE_URL", "https://env.example/v1")];
        Assert.That(Roles("together", environment).For("process").Identity, Is.EqualTo("together https://env.example/v1"));
        Assert.That(
            Roles("together", environment, ("study", "base-url", "https://study.example/v1")).For("process").Identity,
            Is.EqualTo("together https://study.example/v1"));
        Assert.That(
            Roles("together", environment, ("study", "base-url", "https://study.example/v1"), ("process", "base-url", "https://own.example/v1")).For("process").Identity,
            Is.EqualTo("together https://own.example/v1"));
    }

    [Test]
    public void The_usual_address_is_the_provider_alone_however_it_is_given() => Assert.That(
        Roles("together", [("TOGETHER_BASE_URL", "https://API.together.ai/v1/")]).For("process").Identity, Is.EqualTo("together"));

    [TestCase("sandbox", "study", "https://example.org/v1", "this machine")]
    [TestCase("together", "", "not an address", "TOGETHER_BASE_URL is 'not an address'")]
    [TestCase("together", "", "file:///etc/passwd", "TOGETHER_BASE_URL")]
    public void A_senseless_address_is_refused_with_its_source(string provider, string section, string address, string expected)
    {
        var roles = section.Length > 0 ? Roles(provider, [], (section, "base-url", address)) : Roles(provider, [("TOGETHER_BASE_URL", address)]);
        Assert.That(() => roles.For("process"), Throws.TypeOf<MisuseException>().With.Message.Contains(expected));
    }

    [Test]
    public void Each_key_goes_to_its_own_provider()
    {
        var keys = new ProviderKeys(name => name switch { "TOGETHER_API_KEY" => "tgp-secret", "OPENAI_API_KEY" => "sk-secret", _ => null });
        Assert.Multiple(() =>
        {
            Assert.That(Seen(keys.For(Role("together", "https://api.together.ai/v1"))), Is.EqualTo("tgp-secret"));
            Assert.That(Seen(keys.For(Role("openai", Local))), Is.EqualTo("sk-secret"));
            Assert.That(Seen(keys.For(Role("sandbox", Local))), Is.Null);
            Assert.That(keys.ForWandb(), Is.Null);
        });

        static string? Seen(Cfx.Together.ApiKey? key) => new[] { "tgp-secret", "sk-secret" }.SingleOrDefault(k => key?.Redact(k) != k);
    }

    [Test]
    public void Only_a_server_on_this_machine_needs_no_key()
    {
        var keys = new ProviderKeys(_ => " ");
        Assert.That(keys.For(Role("openai", Local)), Is.Null);
        Assert.That(() => keys.For(Role("openai", "https://example.org/v1")), Throws.TypeOf<MisuseException>().With.Message.Contains("OPENAI_API_KEY"));
        Assert.That(() => keys.For(Role("together", Local)), Throws.TypeOf<MisuseException>().With.Message.Contains("TOGETHER_API_KEY"));
    }

    [TestCase("sandbox", null, true)]
    [TestCase("together", null, false)]
    [TestCase("together", Local, false)]
    [TestCase("openai", Local, true)]
    [TestCase("openai", "https://example.org/v1", false)]
    public void Free_are_the_sandbox_and_an_OpenAI_compatible_server_on_this_machine(string provider, string? address, bool free) =>
        Assert.That(new ProviderRole("process", provider, address is null ? null : new Uri(address), IsUsualAddress: false).IsFree, Is.EqualTo(free));

    [Test]
    public void A_section_with_a_provider_of_its_own_needs_a_model_of_that_provider()
    {
        Assert.That(
            StudyChecks.Faults(Values("together", ("process", "provider", "openai"))).Single(), Does.Contain("--process-model is needed with the provider openai"));
        Assert.That(
            StudyChecks.Faults(Values("sandbox", ("evaluate", "provider", "together"))).Single(), Does.Contain("--evaluate-judge is needed with the provider together"));
        Assert.That(StudyChecks.Faults(Values("together", ("evaluate", "provider", "openai"), ("evaluate", "judge", "x"))), Is.Empty);
        Assert.That(StudyChecks.Faults(Values("sandbox", ("evaluate", "provider", "sandbox"))), Is.Empty);
    }

    private static ProviderRole Role(string provider, string address) => new("process", provider, new Uri(address), false);

    private static ProviderRoles Roles(string provider, (string Name, string Value)[] environment, params (string, string, string)[] given) =>
        new(Values(provider, given), name => environment.FirstOrDefault(e => e.Name == name).Value);

    private static OptionValues Values(string provider, params (string Section, string Key, string Text)[] given) => new(
        Catalog,
        given.Select(g => new OptionValue(Catalog.Find(g.Section, g.Key)!, g.Text, OptionOrigin.CommandLine, "command line")),
        ArmDefinition.Defaults,
        _ => provider);
}
