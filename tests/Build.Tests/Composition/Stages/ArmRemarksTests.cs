using System.Text;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;
using Cfx.Together.Serving;

namespace Build.Tests.Composition.Stages;

public sealed class ArmRemarksTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    [Test]
    public void Arms_that_differ_in_the_method_alone_need_no_remark() => Assert.That(Remarks("""
        { "name": "feedback", "method": "feedback", "epochs": 3 }, { "name": "alternative", "method": "alternative" }
        """), Is.Empty);

    [Test]
    public void An_arm_with_settings_of_its_own_is_told_with_its_settings_and_the_others() => Assert.That(Remarks("""
        { "name": "feedback", "method": "feedback" }, { "name": "alternative", "method": "alternative" },
        { "name": "feedback-long", "method": "feedback", "epochs": 8, "learning-rate": 0.05 }
        """).Single(), Does.Contain("feedback, alternative: epochs 3; feedback-long: epochs 8").And.Not.Contain("learning-rate").And.Contain("not of the method alone"));

    [Test]
    public void Liked_answers_alone_are_told_to_be_other_data_and_less() => Assert.That(Remarks("""
        { "name": "feedback", "method": "feedback" }, { "name": "liked", "method": "positive_only" }
        """).Single(), Does.StartWith("The arm liked was trained on liked answers (UR5) alone").And.Contain("fewer examples"));

    [Test]
    public void Arms_that_were_asked_in_different_ways_are_told_and_what_was_not_noted_is_not()
    {
        const string Arms = """{ "name": "feedback", "method": "feedback" }, { "name": "alternative", "method": "alternative" }""";

        Assert.That(
            Remarks(Arms, ("base", ServingWay.ByName), ("feedback", ServingWay.ByName), ("alternative", ServingWay.Deployment)).Single(),
            Does.StartWith("Arms were asked in different ways (base, feedback by name; alternative as v2 deployments): "));
        Assert.That(Remarks(Arms, ("feedback", ServingWay.Deployment), ("gone", ServingWay.ByName)), Is.Empty);
    }

    private static IReadOnlyList<string> Remarks(string arms, params (string Arm, ServingWay Way)[] served)
    {
        var content = StudyFile.Parse(Encoding.UTF8.GetBytes($"{{ \"arms\": [{arms}] }}"), "study.json", Catalog);
        Assert.That(content.Faults, Is.Empty);
        var values = new OptionValues(Catalog, content.Values, content.Arms, _ => "sandbox");
        return [.. ArmRemarks.Of(new StudyPlan(values), values, served.ToDictionary(s => s.Arm, s => s.Way))];
    }
}
