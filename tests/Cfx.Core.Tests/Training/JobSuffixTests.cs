using Cfx.Core.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class JobSuffixTests
{
    private const string Fingerprint = "0123456789abcdef";

    [Test]
    public void Any_wish_gives_a_name_of_allowed_characters_and_length_that_ends_in_the_fingerprint() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), Gen.Choose(1, 2000).ToArbitrary(), (wish, attempt) =>
        {
            var suffix = JobSuffix.Make(wish ?? "", Fingerprint, attempt);
            return suffix.Length <= JobSuffix.MaxLength
                && suffix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
                && suffix[0] != '-'
                && suffix.EndsWith(attempt == 1 ? "-01234567" : $"-{attempt}-01234567", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [TestCase("study-feedback", 1, "study-feedback-01234567")]
    [TestCase("Ünïcode  & Co", 1, "n-code-co-01234567")]
    [TestCase("../../etc", 2, "etc-2-01234567")]
    [TestCase("???", 1, "cfx-01234567")]
    [TestCase("a-very-long-name-that-goes-on-and-on-for-ever", 1, "a-very-long-name-that-goes-on-a-01234567")]
    public void A_name_stays_readable(string wish, int attempt, string expected) =>
        Assert.That(JobSuffix.Make(wish, Fingerprint, attempt), Is.EqualTo(expected));
}
