using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Build.Tests.Composition;

public sealed class StudyChecksTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    private static OptionValue Value(string section, string key, string text) =>
        new(Catalog.Find(section, key)!, text, OptionOrigin.CommandLine, "command line");

    private static List<string> Faults(IReadOnlyList<ArmDefinition>? arms, params OptionValue[] given) =>
        [.. StudyChecks.Faults(new OptionValues(Catalog, given, arms ?? ArmDefinition.Defaults, _ => "sandbox"))];

    [Test]
    public void The_defaults_have_no_fault() => Assert.That(Faults(null), Is.Empty);

    [Test]
    public void Lora_and_full_exclude_each_other() => Assert.That(
        Faults(null, Value("finetune", "lora", "true"), Value("finetune", "full", "true")).Single(), Does.Contain("--lora and --full"));

    [Test]
    public void One_model_alone_cannot_be_compared() => Assert.That(
        Faults(null, Value("evaluate", "model1", "x")).Single(), Does.Contain("go together"));

    [Test]
    public void A_conversations_file_needs_two_models() => Assert.That(
        Faults(null, Value("evaluate", "conversations", "x.json")).Single(), Does.Contain("--model1 (-m1) and --model2 (-m2)"));

    [Test]
    public void An_arm_may_have_its_own_epochs_but_not_its_own_data()
    {
        ArmDefinition Arm(string key, string text) =>
            new("long", "feedback", new Dictionary<string, OptionValue> { [key] = Value("finetune", key, text) });

        Assert.That(Faults([Arm("epochs", "5")]), Is.Empty);
        Assert.That(Faults([Arm("max-conversations", "5")]).Single(), Does.Contain("Arm 'long' sets max-conversations"));
    }
}
