using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class LengthControlTests
{
    private static readonly Gen<LengthObservation[]> Pairs =
        Gen.Zip(Gen.Choose(1, 900).Two(), Gen.Elements(0.0, 0.5, 1.0))
            .Select(p => new LengthObservation(p.Item1.Item1, p.Item1.Item2, p.Item2))
            .NonEmptyListOf()
            .Select(l => l.ToArray());

    [Test]
    public void Exchanging_the_models_mirrors_the_rate() =>
        Prop.ForAll(Pairs.ToArbitrary(), pairs =>
        {
            var one = LengthControl.Fit(pairs, 0.95);
            var other = LengthControl.Fit([.. pairs.Select(p => new LengthObservation(p.Length2, p.Length1, 1 - p.Score2))], 0.95);
            return one.Status == other.Status && Near(one.Rate, other.RateOfModel1) && Near(one.Phi, other.Phi)
                && Near(one.Interval?.Lower, other.IntervalOfModel1?.Lower) && Near(one.RawRate, other.RawRateOfModel1)
                && Near(one.Difference.Mean, -other.Difference.Mean);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_rate_is_a_rate_and_lies_in_its_interval() =>
        Prop.ForAll(Pairs.ToArbitrary(), pairs =>
        {
            var r = LengthControl.Fit(pairs, 0.95);
            return r.Rate is null or >= 0 and <= 1
                && (r.Interval is null || (r.Interval.Lower >= 0 && r.Interval.Upper <= 1 && r.Interval.Contains(r.Rate!.Value)))
                && (r.Status == LengthControlStatus.Fitted) == (r.Theta is not null);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_same_pairs_thrice_in_a_conversation_are_no_more_evidence_than_once()
    {
        var random = new SplitMix64(1);
        LengthObservation[] once =
            [.. Enumerable.Range(0, 80).Select(i => new LengthObservation(random.NextIndex(500), random.NextIndex(500), random.NextIndex(3) / 2.0, $"c{i}"))];

        var (one, three) = (LengthControl.Fit(once, 0.95), LengthControl.Fit([.. once, .. once, .. once], 0.95));

        Assert.That(three.Rate, Is.EqualTo(one.Rate).Within(0.01));
        Assert.That(three.StandardError, Is.EqualTo(one.StandardError).Within(0.03 * one.StandardError!.Value));
        Assert.That(three.Difference.StandardError, Is.EqualTo(one.Difference.StandardError).Within(1e-9));
    }

    [Test]
    public void A_rate_from_few_pairs_or_very_different_lengths_is_marked()
    {
        var random = new SplitMix64(2);
        LengthObservation Pair(int longer) => new(300 + random.NextIndex(200), 300 + longer + random.NextIndex(200), random.NextIndex(2));

        Assert.That(LengthControl.Fit([.. Enumerable.Range(0, 49).Select(_ => Pair(0))], 0.95).Unsupported, Is.EqualTo("too_few_pairs"));
        Assert.That(LengthControl.Fit([.. Enumerable.Range(0, 200).Select(_ => Pair(0))], 0.95).Unsupported, Is.Null);
        Assert.That(LengthControl.Fit([.. Enumerable.Range(0, 200).Select(_ => Pair(120))], 0.95).Unsupported, Is.EqualTo("lengths_too_different"));
        Assert.That(LengthControl.Fit([], 0.95).Status, Is.EqualTo(LengthControlStatus.NoData));
    }

    [TestCase("abc", 3)]
    [TestCase("ä€😀", 3)]
    [TestCase("", 0)]
    public void Length_counts_code_points(string text, long expected) => Assert.That(LengthObservation.LengthOf(text), Is.EqualTo(expected));

    private static bool Near(double? a, double? b) => a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) < 1e-7 * (1 + Math.Abs(a.Value));
}
