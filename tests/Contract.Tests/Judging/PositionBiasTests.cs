using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Judging;

/// <summary>A judge that picks the first answer too often, by a known amount: is the amount found, and does it leave the win rate alone?</summary>
public sealed class PositionBiasTests
{
    // The first answer gets 60 to 40 where neither place deserves more: 20 points too often.
    private const double TwentyPoints = 0.1;

    [Test]
    public async Task A_bias_of_20_points_is_found_and_leaves_the_win_rate_where_it_was()
    {
        var (truth, unbiased, biased) = await MeasureAsync(400);
        using (Assert.EnterMultipleScope())
        {
            // Four standard errors, each of which the analysis gives; that of the averaged rates is of both together.
            Assert.That(truth, Is.EqualTo(TwentyPoints).Within(1e-6));
            Assert.That(4 * Error(biased), Is.LessThan(TwentyPoints), "else no bias at all would pass too");
            Assert.That(Bias(biased), Is.EqualTo(truth).Within(4 * Error(biased)));
            Assert.That(Bias(unbiased), Is.Zero.Within(4 * Error(unbiased)));
            Assert.That(
                (double)biased["h_averaged"]!,
                Is.EqualTo((double)unbiased["h_averaged"]!).Within(4 * Math.Sqrt(2) * (double)biased["se_averaged"]!));
        }
    }

    [Test]
    [Explicit("A measurement: 20,000 answers and 40,000 judgments, some minutes.")]
    public async Task Over_10_000_contexts_the_bias_is_within_3_points_and_the_win_rate_within_2()
    {
        var (truth, unbiased, biased) = await MeasureAsync(10_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((long)biased["n"]!, Is.EqualTo(10_000));
            // Points of "too often" are two for each of the first slot's share.
            Assert.That(2 * Bias(biased), Is.EqualTo(2 * truth).Within(0.03));
            Assert.That(2 * Bias(unbiased), Is.Zero.Within(0.03));
            Assert.That((double)biased["h"]!, Is.EqualTo((double)unbiased["h"]!).Within(0.02));
            Assert.That((double)biased["h_averaged"]!, Is.EqualTo((double)unbiased["h_averaged"]!).Within(0.02));
        }
    }

    private static double Bias(JsonNode comparison) => (double)comparison["position"]!["first_slot_bias"]!;

    private static double Error(JsonNode comparison) => (double)comparison["position"]!["first_slot_bias_se"]!;

    private static async Task<(double Truth, JsonNode Unbiased, JsonNode Biased)> MeasureAsync(int contexts)
    {
        await using var study = new PositionBiasStudy(contexts);
        await study.AnswerAsync();
        var reward = study.RewardFor(TwentyPoints);
        var (unbiased, biased) = (await study.JudgeAsync(0), await study.JudgeAsync(reward));
        TestContext.Out.WriteLine(FormattableString.Invariant($"{contexts} contexts; a reward of {reward:F4} is a bias of {study.TrueBias(reward):F4}"));
        foreach (var (name, c) in new[] { ("without", unbiased), ("with", biased) })
        {
            TestContext.Out.WriteLine(FormattableString.Invariant(
                $"{name}: first slot {Bias(c):F4} ± {Error(c):F4}, h {(double)c["h"]!:F4} ± {(double)c["se"]!:F4}, averaged {(double)c["h_averaged"]!:F4} ± {(double)c["se_averaged"]!:F4}, consistent {(double)c["position"]!["consistency"]!:F3}"));
        }

        return (study.TrueBias(reward), unbiased, biased);
    }
}
