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
    public void The_feedback_mode_needs_a_file_and_no_models()
    {
        Assert.That(Faults(null, Value("evaluate", "mode", "feedback")).Single(), Does.Contain("--conversations (-c)"));
        Assert.That(Faults(null, Value("evaluate", "mode", "feedback"), Value("evaluate", "conversations", "x.json")), Is.Empty);
        Assert.That(
            Faults(null, Value("evaluate", "mode", "feedback"), Value("evaluate", "conversations", "x.json"), Value("evaluate", "model1", "a"), Value("evaluate", "model2", "b")).Single(),
            Does.Contain("leave out --model1 and --model2"));
    }

    [Test]
    public void Several_judges_are_different_models_and_not_also_one()
    {
        Assert.That(Faults(null, Value("evaluate", "judges", "a/x,b/y")), Is.Empty);
        Assert.That(Faults(null, Value("evaluate", "judges", "a/x,a/x")).Single(), Does.Contain("two or more different models"));
        Assert.That(Faults(null, Value("evaluate", "judges", "a/x,a:x")).Single(), Does.Contain("one file name"));
        Assert.That(Faults(null, Value("evaluate", "judges", "a/x,b/y"), Value("evaluate", "judge", "c")).Single(), Does.Contain("contradict"));
    }

    [Test]
    public void An_arm_may_have_its_own_epochs_but_not_its_own_data()
    {
        ArmDefinition Arm(string key, string text) =>
            new("long", "feedback", new Dictionary<string, OptionValue> { [key] = Value("finetune", key, text) });

        Assert.That(Faults([Arm("epochs", "5")]), Is.Empty);
        Assert.That(Faults([Arm("max-conversations", "5")]).Single(), Does.Contain("Arm 'long' sets max-conversations"));
    }

    [Test]
    public void What_sweeps_replicates_and_preference_pairs_cannot_be_is_told_before_anything_runs()
    {
        ArmDefinition Arm(string name, string method, params (string Key, string Text)[] settings) =>
            new(name, method, settings.ToDictionary(s => s.Key, s => Value("finetune", s.Key, s.Text)));

        Assert.That(Faults([Arm("a", "feedback"), Arm("a-r2", "feedback")], Value("finetune", "replicates", "2")).Single(), Does.Contain("'a-r2'"));
        Assert.That(Faults([Arm("p", "positive_only", ("training", "dpo"))]).Single(), Does.Contain("'p'").And.Contain("nothing to prefer"));
        Assert.That(
            Faults([Arm("a-epochs1", "feedback", ("epochs", "1")) with { Swept = ["epochs"] }], Value("finetune", "epochs", "2")).Single(),
            Does.StartWith("--epochs is given for this run, but study.json sweeps it"));
        Assert.That(Faults([.. Enumerable.Range(1, 10).Select(i => Arm($"a{i}", "feedback"))], Value("finetune", "replicates", "5")).Single(), Does.Contain("50 trained arms"));
        Assert.That(Faults([Arm(new string('a', 63), "feedback")], Value("finetune", "replicates", "2")).Single(), Does.Contain("66 characters"));
        Assert.That(Faults([Arm("base-y", "feedback", ("model", "x/y")), Arm("b", "feedback")]).Single(), Does.Contain("'base-y'"));
    }

    [Test]
    public void Replicates_differ_in_the_seed_alone_and_the_first_has_the_studys()
    {
        var values = new OptionValues(Catalog, [Value("finetune", "replicates", "3")], ArmDefinition.Defaults, _ => "sandbox");
        Assert.That(values.Arms.Select(a => $"{a.Name} {a.Group} {a.Replicate}"), Is.EqualTo(new[]
        {
            "feedback feedback 1", "feedback-r2 feedback 2", "feedback-r3 feedback 3",
            "alternative alternative 1", "alternative-r2 alternative 2", "alternative-r3 alternative 3",
        }));
        var seeds = values.Arms.Select(a => ArmReplicates.Seed(42, a)).ToList();
        Assert.That(seeds[0], Is.EqualTo(42));
        Assert.That(seeds.Take(3), Is.Unique.And.All.Not.Negative);
        Assert.That(seeds.Skip(3), Is.EqualTo(seeds.Take(3)), "replicates of the same number share their seed");
    }
}
