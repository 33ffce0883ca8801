using Cfx.Core.Generation.Improvement;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Generation.Improvement;

public sealed class DeclineDetectorTests
{
    [TestCase("N/A")]
    [TestCase("n/a")]
    [TestCase("N/A.")]
    [TestCase("n/a!")]
    [TestCase("\"N/A\"")]
    [TestCase("'N/A'.")]
    [TestCase("“N/A”")]
    [TestCase("**N/A**")]
    [TestCase("`N/A`")]
    [TestCase("_n/a_")]
    [TestCase("> N/A")]
    [TestCase("- N/A")]
    [TestCase("# N/A")]
    [TestCase("[N/A]")]
    [TestCase("(N/A)")]
    [TestCase("<N/A>")]
    [TestCase("```\nN/A\n```")]
    [TestCase("  N/A  \n")]
    [TestCase("N / A")]
    [TestCase("N\\A")]
    [TestCase("N.A.")]
    [TestCase("n.a")]
    [TestCase("NA")]
    [TestCase("na.")]
    [TestCase("N-A")]
    [TestCase("N/A - the feedback gives nothing to work with")]
    [TestCase("N/A – no usable feedback")]
    [TestCase("N/A: the feedback is only an insult.")]
    [TestCase("N/A. The user just said thanks.")]
    [TestCase("N/A (not usable)")]
    [TestCase("N/A because the message is unclear")]
    [TestCase("\"N/A\" - reason")]
    [TestCase("**N/A**\n\nThe feedback does not concern the answer.")]
    [TestCase("NA - reason")]
    [TestCase("NA: reason")]
    [TestCase("NA\nreason")]
    [TestCase("Not applicable")]
    [TestCase("not applicable.")]
    [TestCase("Not applicable - the feedback is empty")]
    [TestCase("Not applicable here, since nothing was asked.")]
    [TestCase("Answer: N/A")]
    [TestCase("**Improved answer:** N/A")]
    [TestCase("Response: \"n/a\"")]
    [TestCase("The feedback does not say what should change.\n\nN/A")]
    public void A_decline_is_understood_in_any_spelling(string reply) => Assert.That(DeclineDetector.IsDecline(reply), Is.True);

    [TestCase("N/A values in pandas are dropped with dropna().")]
    [TestCase("N/A is short for \"not applicable\".")]
    [TestCase("Write N/A in the field.")]
    [TestCase("Fill in what you know; for a middle name you do not have, put N/A.")]
    [TestCase("Name: Kim\nMiddle name: N/A")]
    [TestCase("| a | N/A |\n| b | 2 |")]
    [TestCase("NASA was founded in 1958.")]
    [TestCase("Na is the symbol of sodium.")]
    [TestCase("NA-based alloys are rare.")]
    [TestCase("NA.strings tells R what to read as missing.")]
    [TestCase("Nadia wrote it.")]
    [TestCase("Not applicable taxes are those that you need not pay.")]
    [TestCase("No.")]
    [TestCase("n = a + 1")]
    [TestCase("")]
    [TestCase("Answer: 42")]
    public void An_answer_that_mentions_it_is_an_answer(string reply) => Assert.That(DeclineDetector.IsDecline(reply), Is.False);

    [Test]
    public void Wrapping_and_explaining_a_decline_leaves_it_a_decline()
    {
        var decline =
            from mark in Gen.Elements("N/A", "n/a", "N / A", "N.A.", "NA", "Not applicable", "NOT APPLICABLE")
            from wrap in Gen.Elements(("", ""), ("\"", "\""), ("**", "**"), ("[", "]"), ("`", "`"), ("“", "”"), ("(", ")"), ("> *", "*"))
            from separator in Gen.Elements("", " - ", ": ", "\n", "\n\n", " — ")
            from reason in ArbMap.Default.GeneratorFor<NonNull<string>>()
            select wrap.Item1 + mark + wrap.Item2 + (separator.Length == 0 ? "" : separator + reason.Get);
        Prop.ForAll(decline.ToArbitrary(), DeclineDetector.IsDecline).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_sentence_before_the_mark_makes_it_an_answer()
    {
        var answer =
            from word in Gen.Elements("Use", "The", "Form:", "Sodium", "1.", "Yes,")
            from mark in Gen.Elements("N/A", "n/a", "NA", "not applicable")
            from rest in Gen.Elements("", " there.", " - as usual", "\nand more")
            select $"{word} {mark}{rest}";
        Prop.ForAll(answer.ToArbitrary(), reply => !DeclineDetector.IsDecline(reply)).QuickCheckThrowOnFailure();
    }
}
