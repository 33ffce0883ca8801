using System.Numerics;
using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class SignTestTests
{
    [Test]
    public void Small_counts_agree_with_whole_number_arithmetic() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 200), Gen.Choose(0, 200)).ToArbitrary(), counts =>
        {
            var (wins, losses) = counts;
            var p = SignTest.TwoSided(wins, losses).PValue;
            return Math.Abs(p - Exact(wins, losses)) <= 1e-12 * p;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Swapping_the_sides_changes_nothing() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 2_000_000), Gen.Choose(0, 2_000_000)).ToArbitrary(), counts =>
        {
            var (one, other) = (SignTest.TwoSided(counts.Item1, counts.Item2), SignTest.TwoSided(counts.Item2, counts.Item1));
            return one == other && one.PValue is >= 0 and <= 1 && one.Log10P <= 0 && double.IsFinite(one.Log10P);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void One_more_win_above_the_losses_never_raises_p() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 3000), Gen.Choose(0, 500)).ToArbitrary(), counts =>
            SignTest.TwoSided(counts.Item1 + counts.Item2 + 1, counts.Item1).Log10P
            <= SignTest.TwoSided(counts.Item1 + counts.Item2, counts.Item1).Log10P + 1e-12).QuickCheckThrowOnFailure();

    [Test]
    public void Beyond_the_range_of_a_double_the_logarithm_still_tells()
    {
        var result = SignTest.TwoSided(0, 10_000_000);

        Assert.That(result.PValue, Is.Zero);
        Assert.That(result.Log10P, Is.EqualTo((1 - 10_000_000) * Math.Log10(2)).Within(1e-6));
    }

    private static double Exact(int wins, int losses)
    {
        int n = wins + losses, k = Math.Min(wins, losses);
        BigInteger term = 1, sum = 1;
        for (var i = 0; i < k; i++)
        {
            term = term * (n - i) / (i + 1);
            sum += term;
        }

        return Math.Min(1, Math.Exp(BigInteger.Log(2 * sum) - (n * Math.Log(2))));
    }
}
