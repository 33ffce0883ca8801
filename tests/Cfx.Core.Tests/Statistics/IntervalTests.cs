using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class IntervalTests
{
    [Test]
    public void Wilson_holds_the_share_and_stays_in_range() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 5000), Gen.Choose(0, 5000)).ToArbitrary(), counts =>
        {
            var n = counts.Item1 + counts.Item2;
            var interval = Wilson.For(counts.Item1, n, 0.95);
            return interval.Lower >= 0 && interval.Upper <= 1 && (n == 0 || interval.Contains((double)counts.Item1 / n));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void One_pair_a_conversation_gives_the_unclustered_error() =>
        Prop.ForAll(Gen.Elements(0.0, 0.5, 1.0).ListOf().Where(l => l.Count >= 2).ToArbitrary(), list =>
        {
            var clusters = new ClusterHalfCredit();
            foreach (var (index, score) in list.Index())
            {
                clusters.Add($"c{index}", score);
            }

            var clustered = clusters.Estimate(0.95).HalfCredit;
            var plain = HalfCredit.FromCounts(list.Count(s => s == 1), list.Count(s => s == 0.5), list.Count(s => s == 0), 0.95);
            return !clusters.IsClustered
                && Math.Abs(clustered.StandardError!.Value - plain.StandardError!.Value) < 1e-12
                && Math.Abs(clustered.Interval.Lower - plain.Interval.Lower) < 1e-9
                && Math.Abs(clustered.Interval.Upper - plain.Interval.Upper) < 1e-9;
        }).QuickCheckThrowOnFailure();

    [TestCase(0.95, 1, 12.706204736174694)]
    [TestCase(0.95, 10, 2.2281388519862744)]
    [TestCase(0.9833333333333333, 999, 2.3982)]
    public void Students_quantile_is_the_tabled_one(double confidence, double degrees, double expected) =>
        Assert.That(StudentTail.TwoSidedQuantile(confidence, degrees), Is.EqualTo(expected).Within(expected == 2.3982 ? 5e-4 : 1e-9));
}
