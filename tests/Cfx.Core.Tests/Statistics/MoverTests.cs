using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Interval = Cfx.Core.Statistics.Interval;

namespace Cfx.Core.Tests.Statistics;

public sealed class MoverTests
{
    private static readonly Gen<int[]> Four = Gen.Choose(0, 60).ArrayOf(4).Where(c => c[0] + c[1] > 0 && c[2] + c[3] > 0);

    [Test]
    public void Newcombes_own_example_has_his_interval()
    {
        // Newcombe 1998, table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
        var interval = Mover.Difference(56 / 70.0, Wilson.For(56, 70, 0.95), 48 / 80.0, Wilson.For(48, 80, 0.95));

        Assert.That(interval.Lower, Is.EqualTo(0.0524).Within(5e-5));
        Assert.That(interval.Upper, Is.EqualTo(0.3339).Within(5e-5));
    }

    [Test]
    public void It_holds_the_estimate_and_turns_round_with_it() =>
        Prop.ForAll(Four.ToArbitrary(), c =>
        {
            var (a, b) = ((double)c[0] / (c[0] + c[1]), (double)c[2] / (c[2] + c[3]));
            Interval ofA = Wilson.For(c[0], c[0] + c[1], 0.95), ofB = Wilson.For(c[2], c[2] + c[3], 0.95);
            Interval one = Mover.Difference(a, ofA, b, ofB), other = Mover.Difference(b, ofB, a, ofA), sum = Mover.Sum(a, ofA, b, ofB);
            return one.Lower <= a - b && one.Upper >= a - b && one.Upper > one.Lower
                && Math.Abs(one.Lower + other.Upper) < 1e-12 && sum.Contains(a + b)
                && one.Lower >= -1 - 1e-12 && one.Upper <= 1 + 1e-12 && sum.Lower >= -1e-12 && sum.Upper <= 2 + 1e-12;
        }).QuickCheckThrowOnFailure();
}
