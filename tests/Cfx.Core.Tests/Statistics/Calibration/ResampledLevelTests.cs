using Cfx.Core.Statistics;
using Cfx.Core.Statistics.Calibration;

namespace Cfx.Core.Tests.Statistics.Calibration;

public sealed class ResampledLevelTests
{
    [TestCase(199, 0.95, 0.02975)]
    [TestCase(10_000, 0.95, 0.0250950)]
    [TestCase(2_000, 0.95, 0.0254748)]
    [TestCase(10_000_000, 0.9, 0.05)]
    public void The_tail_is_the_type_7_place_among_one_more_than_the_resamples(int replicates, double confidence, double tail) =>
        Assert.That(ResampledLevel.Tail(replicates, confidence), Is.EqualTo(tail).Within(1e-6));

    [TestCase(50, 10_000)]
    [TestCase(199, 10_000)]
    [TestCase(199, 2_000)]
    [TestCase(2_000, 2_000)]
    public void The_matching_confidence_has_the_tail_of_the_reported_resamples(int replicates, int reported)
    {
        var matching = ResampledLevel.Matching(replicates, reported, 0.95);

        Assert.That(ResampledLevel.Tail(replicates, matching), Is.EqualTo(ResampledLevel.Tail(reported, 0.95)).Within(1e-15));
    }

    [Test]
    public void So_few_resamples_that_none_is_far_enough_out_are_refused() =>
        Assert.That(() => ResampledLevel.Matching(38, 10_000, 0.95), Throws.InstanceOf<ArgumentOutOfRangeException>());

    // A truth that is drawn like the resamples: what the formula says must be what the interval in use does.
    [TestCase(199, 0.95)]
    [TestCase(60, 0.95)]
    [TestCase(199, 0.9)]
    public void Truths_drawn_like_the_resamples_are_below_the_interval_as_often_as_it_says(int replicates, double confidence)
    {
        const int Studies = 40_000;
        var random = new SplitMix64(11);
        var values = new double[replicates];
        int below = 0, above = 0;
        for (var study = 0; study < Studies; study++)
        {
            for (var b = 0; b < replicates; b++)
            {
                values[b] = random.NextDouble();
            }

            Array.Sort(values);
            var interval = Quantile.CentralInterval(values, confidence);
            var truth = random.NextDouble();
            below += truth < interval.Lower ? 1 : 0;
            above += truth > interval.Upper ? 1 : 0;
        }

        var tail = ResampledLevel.Tail(replicates, confidence);
        var error = Math.Sqrt(tail * (1 - tail) / Studies);
        Assert.That((double)below / Studies, Is.EqualTo(tail).Within(4 * error));
        Assert.That((double)above / Studies, Is.EqualTo(tail).Within(4 * error));
    }
}
