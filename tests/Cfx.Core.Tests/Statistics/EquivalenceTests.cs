using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Interval = Cfx.Core.Statistics.Interval;

namespace Cfx.Core.Tests.Statistics;

public sealed class EquivalenceTests
{
    [Test]
    public void Intervals_give_the_p_values_of_the_t_tests() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(460, 540), Gen.Choose(5, 60).Two()).ToArbitrary(), given =>
        {
            var (rate, (thousandths, freedom)) = given;
            var (h, error) = (rate / 1000.0, thousandths / 1000.0);
            var t = Equivalence.Test(h, error, freedom, 0.05);
            var by = Equivalence.ByIntervals(
                h, c => StudentTail.TwoSidedQuantile(c, freedom) * error is var margin ? new Interval(h - margin, h + margin) : Interval.Unknown, 0.05);
            return Math.Abs(t.LowerP - by.LowerP) < 1e-7 && Math.Abs(t.UpperP - by.UpperP) < 1e-7;
        }).QuickCheckThrowOnFailure();

    [TestCase(2)]
    [TestCase(50)]
    [TestCase(1000)]
    public void Without_variation_it_is_the_score_test_of_a_share(int n)
    {
        var result = Equivalence.Of(HalfCredit.FromCounts(0, n, 0, 0.95), n, 0.05)!;
        var z = 0.05 / Math.Sqrt(0.45 * 0.55 / n);

        Assert.That(result.PValue, Is.EqualTo(NormalTail.TwoSidedP(z) / 2).Within(1e-9), "Wilson's interval is what that test does not reject");
    }

    [Test]
    public void A_rate_beyond_the_margin_and_one_pair_show_nothing()
    {
        Assert.That(Equivalence.Of(HalfCredit.FromCounts(30, 0, 0, 0.95), 30, 0.05)!.PValue, Is.EqualTo(1));
        Assert.That(Equivalence.Of(HalfCredit.FromCounts(0, 1, 0, 0.95), 1, 0.05), Is.Null);
        Assert.That(() => Equivalence.Test(0.5, 0, 9, 0.05), Throws.InstanceOf<ArgumentOutOfRangeException>(), "no error is not a small error");
    }
}
