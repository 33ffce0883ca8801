using System.Text;
using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Build.Tests.Composition;

public sealed class StudyPlanTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    private static StudyPlan Plan(string? arms, string section = "{}")
    {
        var json = $"{{ \"finetune\": {section}{(arms is null ? string.Empty : $", \"arms\": [{arms}]")} }}";
        var content = StudyFile.Parse(Encoding.UTF8.GetBytes(json), "study.json", Catalog);
        Assert.That(content.Faults, Is.Empty);
        var values = new OptionValues(Catalog, content.Values, content.Arms, _ => "sandbox");
        Assert.That(StudyChecks.Faults(values), Is.Empty);
        return new StudyPlan(values);
    }

    private static string Pairs(StudyPlan plan) => string.Join(" ", plan.Comparisons.Select(c => $"{c.Model1}:{c.Model2}"));

    [Test]
    public void The_default_study_compares_three_arms_in_three_pairs()
    {
        var plan = Plan(null);
        Assert.That(plan.Arms, Is.EqualTo(new[] { "base", "feedback", "alternative" }));
        Assert.That(plan.Comparisons, Is.EqualTo(new[] { ("base", "feedback"), ("base", "alternative"), ("feedback", "alternative") }));
        Assert.That(plan.BaseModels, Is.EqualTo(new[] { KeyValuePair.Create("base", "sandbox/small") }));
    }

    [Test]
    public void Arms_of_one_method_share_its_data_and_plain_arms_all_meet()
    {
        var plan = Plan("""
            { "name": "feedback", "method": "feedback" }, { "name": "feedback-long", "method": "feedback", "epochs": 9 }, { "name": "positive", "method": "positive_only" }
            """);
        Assert.That(plan.Methods, Is.EqualTo(new[] { "feedback", "positive_only" }));
        Assert.That(plan.Comparisons, Has.Count.EqualTo(6));
    }

    [Test]
    public void Swept_arms_meet_the_base_and_the_other_method_at_equal_settings_only()
    {
        var plan = Plan("""
            { "name": "f", "method": "feedback", "sweep": { "epochs": [1, 3] } }, { "name": "a", "method": "alternative", "sweep": { "epochs": [1, 3] } }
            """);
        Assert.That(Pairs(plan), Is.EqualTo("base:f-epochs1 base:f-epochs3 base:a-epochs1 base:a-epochs3 f-epochs1:a-epochs1 f-epochs3:a-epochs3"));
    }

    [Test]
    public void A_swept_arm_meets_a_plain_one_whose_settings_come_to_the_same()
    {
        var plan = Plan("""
            { "name": "f", "method": "feedback", "sweep": { "learning-rate": [1e-2, 0.1] } }, { "name": "a", "method": "alternative" }
            """, """{ "learning-rate": 0.10 }""");
        Assert.That(Pairs(plan), Is.EqualTo("base:f-lr1e-2 base:f-lr0.1 base:a f-lr0.1:a"));
    }

    [Test]
    public void Replicates_meet_the_replicate_of_the_same_number()
    {
        var plan = Plan(null, """{ "replicates": 2 }""");
        Assert.That(plan.Arms, Is.EqualTo(new[] { "base", "feedback", "feedback-r2", "alternative", "alternative-r2" }));
        Assert.That(Pairs(plan), Is.EqualTo(
            "base:feedback base:feedback-r2 base:alternative base:alternative-r2 feedback:alternative feedback-r2:alternative-r2"));
    }

    [Test]
    public void An_arm_from_another_model_meets_that_model_untuned()
    {
        var plan = Plan("""
            { "name": "f", "method": "feedback", "sweep": { "model": ["sandbox/small", "x/sandbox large!"] } },
            { "name": "a", "method": "alternative" }
            """);
        Assert.That(plan.BaseModels, Is.EqualTo(new[] { KeyValuePair.Create("base", "sandbox/small"), KeyValuePair.Create("base-sandbox-large", "x/sandbox large!") }));
        Assert.That(Pairs(plan), Is.EqualTo("base:f-small base:a base-sandbox-large:f-sandbox-large f-small:a"));
    }

    [Test]
    public void The_only_model_that_arms_start_from_is_the_base()
    {
        var plan = Plan("""{ "name": "f", "method": "feedback", "model": "x/y" }""");
        Assert.That(plan.BaseModels, Is.EqualTo(new[] { KeyValuePair.Create("base", "x/y") }));
    }

    [Test]
    public void A_preference_arm_learns_from_pairs_and_meets_the_same_method_trained_on_answers()
    {
        var plan = Plan("""
            { "name": "f", "method": "feedback" }, { "name": "f-dpo", "method": "feedback", "training": "dpo" }
            """, """{ "replicates": 2 }""");
        Assert.That(plan.Preferences, Is.EqualTo(new[] { "f-dpo", "f-dpo-r2" }));
        Assert.That(plan.PreferenceMethods, Is.EqualTo(new[] { "feedback" }));
        Assert.That(plan.TrainedArms.Select(plan.DataOf), Is.EqualTo(new[] { "feedback", "feedback", "feedback_dpo", "feedback_dpo" }));
        Assert.That(Pairs(plan), Does.EndWith("f:f-dpo f-r2:f-dpo-r2"));
    }

    [Test]
    public void Every_arm_method_and_pair_has_one_target_that_makes_it()
    {
        Assert.That(StageTargets.ForArm("feedback"), Is.EqualTo("FineTune-Feedback"));
        Assert.That(StageTargets.ForArm("feedback-long"), Is.EqualTo("FineTune"));
        Assert.That(StageTargets.ForMethod("alternative"), Is.EqualTo("Process-Alternative"));
        Assert.That(StageTargets.ForMethod("positive_only"), Is.EqualTo("Process"));
        Assert.That(StageTargets.ForComparison("base", "feedback"), Is.EqualTo("Evaluate-Base-Vs-Feedback"));
        Assert.That(StageTargets.ForComparison("feedback", "base"), Is.EqualTo("Evaluate"));
        Assert.That(StageTargets.ForComparison("base", "positive"), Is.EqualTo("Evaluate"));
    }
}
