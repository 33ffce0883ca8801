using Cfx.Core.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Evaluation;

public sealed class VerdictParserTests
{
    [TestCase("A is right.\n[[A]]", Verdict.A)]
    [TestCase("[[B]]", Verdict.B)]
    [TestCase("Equal.\n\n[[TIE]]", Verdict.Tie)]
    [TestCase("[[Tie]]", Verdict.Tie)]
    [TestCase("**[[A]]**.", Verdict.A)]
    [TestCase("I say [[B]]. So, finally: [[B]]", Verdict.B)]
    [TestCase("The code reads x[[a]] and m[[1]]. [[B]]", Verdict.B)]
    [TestCase("[[[A]]]", Verdict.A)]
    public void One_distinct_mark_is_the_verdict(string reply, Verdict verdict) => Assert.That(VerdictParser.Parse(reply), Is.EqualTo(verdict));

    [TestCase("")]
    [TestCase("A is better.")]
    [TestCase("[A]")]
    [TestCase("**A**")]
    [TestCase("[[C]]")]
    [TestCase("[[ A ]]")]
    [TestCase("[[a]]")]
    [TestCase("[[AB]]")]
    [TestCase("[[A]] at first, final [[TIE]]")]
    [TestCase("not [[TIE]]; [[A]] close, [[B]] wins")]
    [TestCase("[[A]] [[B]]")]
    public void No_mark_or_several_different_ones_are_no_verdict(string reply) => Assert.That(VerdictParser.Parse(reply), Is.Null);

    [Test]
    public void Text_without_brackets_around_a_mark_changes_nothing() =>
        Prop.ForAll(Gen.Zip(ArbMap.Default.GeneratorFor<NonNull<string>>(), Gen.Elements("[[A]]", "[[B]]", "[[TIE]]")).ToArbitrary(), input =>
            VerdictParser.Parse(input.Item1.Get.Replace("[", "", StringComparison.Ordinal) + "\n" + input.Item2) == VerdictParser.Parse(input.Item2))
            .QuickCheckThrowOnFailure();
}
