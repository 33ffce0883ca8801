using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Build.Tests.Composition;

public sealed class StudyPlanTests
{
    private static ArmDefinition Arm(string name, string method) => new(name, method, new Dictionary<string, OptionValue>());

    [Test]
    public void The_default_study_compares_three_arms_in_three_pairs()
    {
        var plan = new StudyPlan(ArmDefinition.Defaults);
        Assert.That(plan.Arms, Is.EqualTo(new[] { "base", "feedback", "alternative" }));
        Assert.That(plan.Comparisons, Is.EqualTo(new[] { ("base", "feedback"), ("base", "alternative"), ("feedback", "alternative") }));
    }

    [Test]
    public void Arms_of_one_method_share_its_data()
    {
        var plan = new StudyPlan([Arm("feedback", "feedback"), Arm("feedback-long", "feedback"), Arm("positive", "positive_only")]);
        Assert.That(plan.Methods, Is.EqualTo(new[] { "feedback", "positive_only" }));
        Assert.That(plan.Comparisons, Has.Count.EqualTo(6));
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
