using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class ScorePermutationTestTests
{
    private static readonly Gen<int[]> Six = Gen.Choose(0, 4).ArrayOf(6);

    [Test]
    public void The_p_value_is_the_share_of_ways_to_deal_the_scores_out() =>
        Prop.ForAll(Six.Where(c => c.Sum() <= 14).ToArbitrary(), c =>
        {
            var result = ScorePermutationTest.TwoSided((c[0], c[1], c[2]), (c[3], c[4], c[5]));
            var expected = ByEnumeration(c);
            return expected is null ? result is null : result is not null && Math.Abs(result.PValue - expected.Value) < 1e-9 * expected.Value;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Neither_the_groups_order_nor_the_direction_of_the_scores_matters() =>
        Prop.ForAll(Gen.Choose(0, 200).ArrayOf(6).ToArbitrary(), c =>
        {
            var one = ScorePermutationTest.TwoSided((c[0], c[1], c[2]), (c[3], c[4], c[5]));
            var exchanged = ScorePermutationTest.TwoSided((c[3], c[4], c[5]), (c[0], c[1], c[2]));
            var turned = ScorePermutationTest.TwoSided((c[2], c[1], c[0]), (c[5], c[4], c[3]));
            return Near(one?.PValue, exchanged?.PValue) && Near(one?.PValue, turned?.PValue) && one?.PValue is null or >= 0 and <= 1;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Without_ties_it_is_fishers_test_in_its_central_form()
    {
        // Fisher's tea: three of four cups each told right; one tail is 17/70.
        Assert.That(ScorePermutationTest.TwoSided((3, 0, 1), (1, 0, 3))!.PValue, Is.EqualTo(34 / 70.0).Within(1e-12));
        Assert.That(ScorePermutationTest.TwoSided((4, 0, 0), (0, 0, 4))!.PValue, Is.EqualTo(2 / 70.0).Within(1e-12));
    }

    [Test]
    public void A_p_too_small_for_a_number_is_told_by_its_logarithm()
    {
        var result = ScorePermutationTest.TwoSided((2_000, 0, 0), (0, 0, 2_000))!;

        Assert.That(result.PValue, Is.Zero);
        // 2 / C(4000, 2000) by Stirling's series: C(2n, n) = 4^n / √(πn) · (1 - 1/(8n) + …).
        Assert.That(result.Log10P, Is.EqualTo(Math.Log10(2) - ((2_000 * Math.Log10(4)) - (0.5 * Math.Log10(Math.PI * 2_000)) + Math.Log10(1 - (1 / 16_000.0)))).Within(1e-6));
    }

    [Test]
    public void Many_pairs_agree_with_the_normal_distribution_and_take_no_time()
    {
        var result = ScorePermutationTest.TwoSided((20_300, 10_000, 19_700), (19_900, 10_000, 20_100))!;
        // Variance of the summed score given its counts: n1·n2/(n-1) times the scores' variance.
        double n = 100_000, mean = (40_200 + 10_000) / n, variance = ((40_200 + (20_000 * 0.25)) / n) - (mean * mean);
        var z = (25_300 - (50_000 * mean) - 0.25) / Math.Sqrt(50_000.0 * 50_000 / (n - 1) * variance);

        Assert.That(result.PValue, Is.EqualTo(NormalTail.TwoSidedP(z)).Within(1e-3 * result.PValue + 1e-6));
    }

    /// <summary>Twice the smaller tail, every score being dealt to either group in turn.</summary>
    private static double? ByEnumeration(int[] c)
    {
        int[] scores = [.. Enumerable.Repeat(2, c[0] + c[3]), .. Enumerable.Repeat(1, c[1] + c[4]), .. Enumerable.Repeat(0, c[2] + c[5])];
        var drawn = c[0] + c[1] + c[2];
        if (drawn == 0 || drawn == scores.Length)
        {
            return null;
        }

        var seen = (2 * c[0]) + c[1];
        int all = 0, atMost = 0, atLeast = 0;
        for (var pick = 0; pick < 1 << scores.Length; pick++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)pick) == drawn)
            {
                var sum = scores.Where((_, i) => (pick >> i & 1) == 1).Sum();
                all++;
                atMost += sum <= seen ? 1 : 0;
                atLeast += sum >= seen ? 1 : 0;
            }
        }

        return Math.Min(1, 2.0 * Math.Min(atMost, atLeast) / all);
    }

    private static bool Near(double? a, double? b) => a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) < 1e-9;
}
