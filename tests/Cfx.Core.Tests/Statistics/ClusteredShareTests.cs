using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class ClusteredShareTests
{
    [Test]
    public void Conversations_that_are_alike_within_count_as_one_unit_each()
    {
        var sums = new ClusterSums();
        for (var i = 0; i < 400; i++)
        {
            sums.Add($"c{i / 10}", i / 10 % 2);
        }

        var (clustered, plain) = (ClusteredShare.Of(sums, 0.95), Wilson.For(20, 40, 0.95));

        // But for Student's quantile in place of the normal one, and G - 1.
        Assert.That((clustered.Upper - clustered.Lower) / (plain.Upper - plain.Lower), Is.InRange(1, 1.06));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Where_all_units_are_alike_the_conversations_are_the_units(int value)
    {
        var sums = new ClusterSums();
        for (var i = 0; i < 30; i++)
        {
            sums.Add($"c{i / 10}", value);
        }

        Assert.That(ClusteredShare.Of(sums, 0.95), Is.EqualTo(Wilson.For(3 * value, 3, 0.95)));
    }

    [Test]
    public void It_holds_the_share_and_is_never_narrower_than_for_independent_units() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 6), Gen.Choose(0, 1)).ListOf().ToArbitrary(), units =>
        {
            var sums = new ClusterSums();
            foreach (var (conversation, value) in units)
            {
                sums.Add($"c{conversation}", value);
            }

            var interval = ClusteredShare.Of(sums, 0.95);
            var plain = Wilson.For(sums.Total, sums.N, 0.95);
            return interval.Lower >= 0 && interval.Upper <= 1 && interval.Upper - interval.Lower >= plain.Upper - plain.Lower - 1e-12
                && (sums.N == 0 || interval.Contains(sums.Total / sums.N));
        }).QuickCheckThrowOnFailure();
}
