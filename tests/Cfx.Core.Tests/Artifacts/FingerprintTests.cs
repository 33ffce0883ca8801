using Cfx.Core.Artifacts;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Artifacts;

public class FingerprintTests
{
    private static StageRecipe Recipe(params (string Name, string Value)[] parameters) => new(
        "Process-Feedback", 1, "sandbox", Paid: false,
        parameters.ToDictionary(p => p.Name, p => p.Value), [new StageInput("a", InputKind.File)], ["out"]);

    [Test]
    public void Format_1_stays_what_it_is() => Assert.That(
        Fingerprint.Of(Recipe(("process.model", "m"), ("process.temperature", "0.3")), ["00ff"]),
        Is.EqualTo(ContentHash.OfText(
            "cfx-fingerprint 1\nstage Process-Feedback\nrecipe 1\nprovider sandbox\nparameter process.model=m\nparameter process.temperature=0.3\ninput 00ff\n")));

    [Test]
    public void A_golden_value_shows_that_the_hash_is_SHA_256() => Assert.That(
        Fingerprint.Of(Recipe(), []), Is.EqualTo("b1e3a260e9a023e32149eb5365109cfd0079580a67418043c7bee7f9c965fced"));

    [Test]
    public void The_order_in_which_parameters_are_given_does_not_matter() => Assert.That(
        Fingerprint.Of(Recipe(("a", "1"), ("b", "2")), []), Is.EqualTo(Fingerprint.Of(Recipe(("b", "2"), ("a", "1")), [])));

    [Test]
    public void A_value_cannot_imitate_another_line() => Prop.ForAll<NonNull<string>, NonNull<string>>((a, b) =>
        Fingerprint.Of(Recipe(("p", a.Get + "\nparameter q=" + b.Get)), []) != Fingerprint.Of(Recipe(("p", a.Get), ("q", b.Get)), []))
        .QuickCheckThrowOnFailure();

    [Test]
    public void Every_part_counts()
    {
        var all = new[]
        {
            Fingerprint.Of(Recipe(("a", "1")), ["x"]),
            Fingerprint.Of(Recipe(("a", "2")), ["x"]),
            Fingerprint.Of(Recipe(("a", "1")), ["y"]),
            Fingerprint.Of(Recipe(("a", "1")), ["x", "y"]),
            Fingerprint.Of(Recipe(("a", "1")), ["y", "x"]),
            Fingerprint.Of(Recipe(("a", "1")) with { Version = 2 }, ["x"]),
            Fingerprint.Of(Recipe(("a", "1")) with { Provider = "together" }, ["x"]),
            Fingerprint.Of(Recipe(("a", "1")) with { Stage = "Process-Alternative" }, ["x"]),
        };
        Assert.That(all, Is.Unique);
    }
}
