using Cfx.Build.Options;

namespace Build.Tests.Options;

public sealed class OptionCatalogTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    [Test]
    public void Every_option_is_classified_as_identity_or_runtime_and_as_one_of_them_only()
    {
        var names = Catalog.All.Select(o => o.QualifiedName).ToHashSet(StringComparer.Ordinal);
        Assert.That(
            Catalog.All.Where(o => o.Role == OptionRole.Unclassified).Select(o => o.QualifiedName),
            Is.Empty,
            "Add these to OptionRoles.Identity if another value changes what a stage makes, to OptionRoles.Runtime otherwise (build/Options/OptionRoles.cs).");
        Assert.That(OptionRoles.Identity.Intersect(OptionRoles.Runtime, StringComparer.Ordinal), Is.Empty, "These stand in both lists of build/Options/OptionRoles.cs.");
        Assert.That(OptionRoles.Identity.Concat(OptionRoles.Runtime).Except(names, StringComparer.Ordinal), Is.Empty, "These are in build/Options/OptionRoles.cs and are no options.");
    }

    [Test]
    public void Every_default_is_a_value_that_the_option_accepts()
    {
        foreach (var option in Catalog.All)
        {
            foreach (var text in new[] { option.Default, option.SandboxDefault }.OfType<string>())
            {
                Assert.That(option.Check(text), Is.Null, option.QualifiedName);
            }
        }
    }

    [TestCase("process", "model", "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo")]
    [TestCase("evaluate", "judge", "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo")]
    [TestCase("finetune", "model", "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference")]
    [TestCase("finetune", "epochs", "3")]
    [TestCase("finetune", "learning-rate", "1e-5")]
    [TestCase("finetune", "batch-size", "max")]
    [TestCase("finetune", "lora", "true")]
    [TestCase("finetune", "train-split", "0.9")]
    [TestCase("evaluate", "test-size", "1000")]
    [TestCase("process", "max-tokens", "1000")]
    [TestCase("respond", "max-tokens", "1000")]
    [TestCase("process", "temperature", "0.3")]
    [TestCase("respond", "temperature", "0.7")]
    [TestCase("evaluate", "temperature", "0")]
    [TestCase("process", "delay", "0.1")]
    [TestCase("evaluate", "delay", "0.5")]
    public void The_defaults_on_a_paid_provider_are_those_of_the_scripts(string section, string key, string expected) =>
        Assert.That(Catalog.Find(section, key)!.DefaultFor("together"), Is.EqualTo(expected));

    [Test]
    public void The_command_line_wins_over_the_study_file_which_wins_over_the_default()
    {
        var delay = Catalog.Find("process", "delay")!;
        var file = new OptionValue(delay, "2", OptionOrigin.StudyFile, "study.json line 3");
        var line = new OptionValue(delay, "3", OptionOrigin.CommandLine, "-d");

        Assert.That(Values().Number("process", "delay"), Is.EqualTo(0));
        Assert.That(Values(file).Number("process", "delay"), Is.EqualTo(2));
        Assert.That(Values(line, file).Number("process", "delay"), Is.EqualTo(3));
        Assert.That(Values(file).Get("process", "delay").Place, Is.EqualTo("study.json line 3"));
    }

    [Test]
    public void An_arm_has_its_own_settings_unless_the_command_line_says_otherwise()
    {
        var epochs = Catalog.Find("finetune", "epochs")!;
        var arm = new ArmDefinition("long", "feedback", new Dictionary<string, OptionValue>(StringComparer.Ordinal)
        {
            ["epochs"] = new(epochs, "9", OptionOrigin.StudyFile, "study.json line 8"),
        });

        Assert.That(Values().ForArm(arm).WholeNumber("finetune", "epochs"), Is.EqualTo(9));
        Assert.That(Values(new OptionValue(epochs, "1", OptionOrigin.CommandLine, "-e")).ForArm(arm).WholeNumber("finetune", "epochs"), Is.EqualTo(1));
        Assert.That(Values().WholeNumber("finetune", "epochs"), Is.EqualTo(3));
    }

    [Test]
    public void A_word_in_place_of_a_number_is_not_a_number() =>
        Assert.That(Values().WholeNumberOrNull("finetune", "batch-size"), Is.Null);

    [Test]
    public void Asking_for_an_option_that_does_not_exist_or_as_another_kind_is_a_mistake_of_the_program()
    {
        Assert.That(() => Values().Text("finetune", "epoch"), Throws.InvalidOperationException);
        Assert.That(() => Values().Flag("finetune", "epochs"), Throws.InvalidOperationException);
        Assert.That(() => Values().Text("process", "output"), Throws.InvalidOperationException);
    }

    private static OptionValues Values(params OptionValue[] given) => new(Catalog, given, ArmDefinition.Defaults, static _ => "sandbox");
}
