using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Interval = Cfx.Core.Statistics.Interval;

namespace Cfx.Core.Tests.Statistics;

/// <summary>Bounds, subgroups, differences and equivalence.</summary>
public sealed class DescriptionTests
{
    private static readonly Gen<int[]> Four = Gen.Choose(0, 400).ArrayOf(4);

    [Test]
    public void Bounds_hold_the_rate_widen_with_failures_and_mirror() =>
        Prop.ForAll(Four.ToArbitrary(), c =>
        {
            var bounds = FailureBounds.From(c[0], c[1], c[2], c[3], 0.95);
            var more = FailureBounds.From(c[0], c[1], c[2], c[3] + 1, 0.95);
            var other = FailureBounds.From(c[2], c[1], c[0], c[3], 0.95);
            var h = HalfCredit.FromCounts(c[0], c[1], c[2], 0.95).H;
            return bounds.Rate.Lower >= 0 && bounds.Rate.Upper <= 1
                && (h is null || bounds.Rate.Contains(h.Value))
                && more.Rate.Lower <= bounds.Rate.Lower && more.Rate.Upper >= bounds.Rate.Upper
                && Math.Abs(bounds.Rate.Lower + other.Rate.Upper - 1) < 1e-12
                && bounds.WithSampling.Lower <= bounds.Rate.Lower && bounds.WithSampling.Upper >= bounds.Rate.Upper;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_result_that_the_failed_pairs_could_turn_says_so()
    {
        Assert.That(FailureBounds.From(60, 0, 40, 30, 0.95).ConclusionDependsOnFailures(0.04), Is.True);
        Assert.That(FailureBounds.From(60, 0, 40, 30, 0.95).ConclusionDependsOnFailures(0.2), Is.False);
        Assert.That(FailureBounds.From(60, 0, 40, 2, 0.95).ConclusionDependsOnFailures(0.04), Is.False);
        Assert.That(FailureBounds.UnansweredAsLosses(60, 0, 40, 10, 0, 0.95).H, Is.EqualTo(60 / 110.0).Within(1e-12));
    }

    [Test]
    public void A_difference_of_arms_turns_round_with_them() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 9), Gen.Elements(0.0, 0.5, 1.0).Two()).ListOf().ToArbitrary(), list =>
        {
            PairedDifference one = new(), other = new();
            foreach (var (conversation, (first, second)) in list)
            {
                one.Add($"c{conversation}", first, second);
                other.Add($"d{conversation}", second, first);
            }

            var (a, b) = (one.Estimate(0.95), other.Estimate(0.95));
            return Near(a.Difference.Mean, -b.Difference.Mean) && Near(a.Difference.PValue, b.Difference.PValue)
                && Near(a.UnpairedStandardError, b.UnpairedStandardError) && a.Correlation is null or >= -1 and <= 1
                && (a.Difference.PValue is null or >= 0 and <= 1);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Equality_is_never_claimed_at_or_beyond_the_margin() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 100).Two(), Gen.Choose(1, 2000)).ToArbitrary(), given =>
        {
            var ((rate, thousandths), freedom) = given;
            var (h, error) = (rate / 100.0, (thousandths + 1) / 1000.0);
            var result = Equivalence.Test(h, error, freedom, 0.05);
            var mirrored = Equivalence.Test(1 - h, error, freedom, 0.05);
            return Near(result.PValue, mirrored.PValue) && result.PValue is >= 0 and <= 1
                && (Math.Abs(h - 0.5) < 0.05 - 1e-9 || result.PValue >= 0.5 - 1e-9);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Groups_that_differ_are_told_from_groups_that_do_not()
    {
        var table = new SubgroupTable();
        for (var i = 0; i < 400; i++)
        {
            table.Add("category", i % 2 == 0 ? "UR2" : "UR3", $"c{i}", i % 2 == 0 ? (i % 10 < 8 ? 1 : 0) : (i % 10 < 4 ? 1 : 0));
            table.Add("exchanges", i % 2 == 0 ? "few" : "many", $"c{i}", i / 2 % 5 < 2 ? 1 : i / 2 % 5 < 3 ? 0.5 : 0);
        }

        var (category, exchanges) = (table.Estimate(0.95)[0], table.Estimate(0.95)[1]);

        Assert.That(category.HeterogeneityP, Is.LessThan(0.001));
        Assert.That(exchanges.HeterogeneityP, Is.EqualTo(1).Within(1e-9));
        Assert.That(category.Rows.Select(r => (r.Group, r.N)), Is.EqualTo(new[] { ("UR2", 200L), ("UR3", 200L) }));
        Assert.That(exchanges.Rows[0].Ties, Is.EqualTo(40));
    }

    [Test]
    public void A_group_without_variation_is_not_left_out()
    {
        var table = new SubgroupTable();
        foreach (var (group, won, lost) in new[] { ("UR2", 40, 0), ("UR3", 20, 20), ("UR5", 20, 20) })
        {
            for (var i = 0; i < won + lost; i++)
            {
                table.Add("category", group, $"{group}{i}", i < won ? 1 : 0);
            }
        }

        // Mean scores 1, 1/2, 1/2 about 2/3: 119 · 40 · (1/9 + 1/36 + 1/36) / (120 · 2/9).
        Assert.That(table.Estimate(0.95)[0].HeterogeneityQ, Is.EqualTo(119 / 4.0).Within(1e-9));
        Assert.That(table.Estimate(0.95)[0].DegreesOfFreedom, Is.EqualTo(2));
        Assert.That(table.Estimate(0.95)[0].HeterogeneityP, Is.EqualTo(Math.Exp(-119 / 8.0)).Within(1e-12));
    }

    [TestCase("one_group", 20, 0, 0)]
    [TestCase("small_group", 20, 4, 0)]
    [TestCase("no_variation", 20, 20, 0)]
    [TestCase(null, 20, 20, 1)]
    public void Where_groups_cannot_be_held_against_each_other_it_is_said_why(string? reason, int first, int second, int lost)
    {
        var table = new SubgroupTable();
        for (var i = 0; i < first + second; i++)
        {
            table.Add("category", i < first ? "UR2" : "UR3", $"c{i}", i < lost ? 0 : 1);
        }

        var found = table.Estimate(0.95)[0];

        Assert.That(found.HeterogeneityUndefined, Is.EqualTo(reason));
        Assert.That(found.HeterogeneityP is null && found.HeterogeneityQ is null && found.DegreesOfFreedom is null, Is.EqualTo(reason is not null));
    }

    [Test]
    public void Pairs_of_one_conversation_do_not_make_groups_differ_more()
    {
        SubgroupTable single = new(), repeated = new();
        for (var i = 0; i < 60; i++)
        {
            var (group, score) = (i % 2 == 0 ? "UR2" : "UR3", i % 10 < (i % 2 == 0 ? 7 : 3) ? 1 : 0);
            single.Add("category", group, $"c{i}", score);
            for (var again = 0; again < 5; again++)
            {
                repeated.Add("category", group, $"c{i}", score);
            }
        }

        Assert.That(repeated.Estimate(0.95)[0].HeterogeneityQ, Is.EqualTo(single.Estimate(0.95)[0].HeterogeneityQ).Within(1e-9));
    }

    [Test]
    public void Bands_name_every_number_and_keep_equal_ones_together()
    {
        var bands = new NumericBands([200, 201, 1000]);

        Assert.That(bands.Names, Is.EqualTo(new[] { "below 200", "200", "201 to 999", "1000 or more" }));
        Assert.That(new double[] { 0, 200, 201, 999, 1000 }.Select(bands.Of), Is.EqualTo(new[] { "below 200", "200", "201 to 999", "201 to 999", "1000 or more" }));
        Assert.That(NumericBands.OfEqualCounts([2, 2, 2, 2], 3), Is.Null);
        Assert.That(NumericBands.OfEqualCounts(Enumerable.Range(0, 90).Select(i => (double)i), 3)!.Names, Has.Count.EqualTo(3));
        Assert.That(() => new NumericBands([3, 3]), Throws.ArgumentException);
    }

    [Test]
    public void Feedback_the_judge_cannot_see_gives_no_difference()
    {
        var result = FeedbackAgreement.From((50, 10, 40), (50, 10, 40), 0.95);

        Assert.That(result.Difference, Is.Zero);
        Assert.That(result.PValue, Is.EqualTo(1));
        Assert.That(FeedbackAgreement.From((5, 0, 5), (0, 0, 0), 0.95).Difference, Is.Null);
    }

    [Test]
    public void Four_pairs_that_all_go_as_users_felt_do_not_show_that_the_judge_sides_with_them()
    {
        var few = FeedbackAgreement.From((2, 0, 0), (0, 0, 2), 0.95);
        var many = FeedbackAgreement.From((40, 0, 0), (0, 0, 40), 0.95);

        Assert.That(few.Interval!.Lower, Is.Negative, "no variation was seen, which is not none");
        Assert.That(few.PValue, Is.EqualTo(1 / 3.0).Within(1e-12), "2 of the 6 ways to share out two wins and two losses");
        Assert.That(many.Interval!.Lower, Is.InRange(0.8, 0.95));
        Assert.That(many.PValue, Is.LessThan(1e-20));
    }

    [Test]
    public void Pairs_of_one_conversation_are_not_counted_as_so_many_users()
    {
        ConversationItems<FeedbackVerdict> apart = new(), twice = new();
        for (var i = 0; i < 100; i++)
        {
            var verdict = new FeedbackVerdict(i % 2 == 0, i % 8 / 2 / 2.0 is var s and <= 1 ? s : 0.5);
            apart.Add($"c{i}", verdict);
            twice.Add($"c{i}", verdict);
            twice.Add($"c{i}", verdict);
        }

        var (one, two) = (FeedbackAgreement.From(apart, 0.95), FeedbackAgreement.From(twice, 0.95));

        Assert.That(two.Negative.N, Is.EqualTo(2 * one.Negative.N));
        Assert.That(two.Difference, Is.EqualTo(one.Difference).Within(1e-12));
        Assert.That(two.StandardError!.Value, Is.EqualTo(one.StandardError!.Value).Within(one.StandardError.Value * 0.02));
        Assert.That(two.Interval!.Upper - two.Interval.Lower, Is.GreaterThan((one.Interval!.Upper - one.Interval.Lower) * 0.99));
    }

    [Test]
    public void A_conversation_that_gave_both_kinds_is_one_unit_of_the_difference()
    {
        ConversationItems<FeedbackVerdict> alike = new(), opposed = new();
        for (var i = 0; i < 60; i++)
        {
            var score = i % 3 / 2.0;
            alike.Add($"c{i}", new FeedbackVerdict(false, score));
            alike.Add($"c{i}", new FeedbackVerdict(true, i % 5 == 0 ? 1 - score : score));
            opposed.Add($"c{i}", new FeedbackVerdict(false, score));
            opposed.Add($"c{i}", new FeedbackVerdict(true, i % 5 == 0 ? score : 1 - score));
        }

        Assert.That(FeedbackAgreement.From(alike, 0.95).StandardError, Is.LessThan(FeedbackAgreement.From(opposed, 0.95).StandardError!.Value));
    }

    [Test]
    public void Users_who_all_feel_as_the_judge_says_are_shown_to_by_one_pair_each()
    {
        ConversationItems<FeedbackVerdict> verdicts = new();
        for (var i = 0; i < 40; i++)
        {
            verdicts.Add($"c{i / 2}", new FeedbackVerdict(IsLiked: i / 2 % 2 == 0, i / 2 % 2 == 0 ? 0 : 1));
        }

        var result = FeedbackAgreement.From(verdicts, 0.95);

        Assert.That((result.Difference, result.StandardError), Is.EqualTo(((double?)1, (double?)0)));
        Assert.That(result.PValue, Is.EqualTo(2.0 / 184_756).Within(1e-12), "one way in C(20, 10), and its mirror");
        Assert.That(result.Interval!.Lower, Is.InRange(0.5, 0.8));
    }

    [Test]
    public void Conversations_without_variation_between_them_have_no_design_effect()
    {
        var scores = new ClusterHalfCredit();
        for (var i = 0; i < 50; i++)
        {
            scores.Add($"c{i}", 1);
            scores.Add($"c{i}", 0);
        }

        Assert.That(scores.Estimate(0.95).DesignEffect, Is.Null);
    }

    [Test]
    public void Conversations_without_a_unit_are_no_part_of_a_share()
    {
        (long Have, long Units)[] conversations = [(1, 2), (0, 1), (2, 2), (1, 1), (0, 2), (1, 3)];

        var share = ClusterSums.OfShares([.. conversations, (0, 0), (0, 0)], c => c.Have, c => c.Units);

        Assert.That(share.Clusters, Has.Count.EqualTo(6));
        Assert.That(ClusteredShare.Of(share, 0.95), Is.EqualTo(ClusteredShare.Of(ClusterSums.OfShares(conversations, c => c.Have, c => c.Units), 0.95)));
    }

    [Test]
    public void A_difference_without_variation_has_an_interval_and_not_a_point()
    {
        var paired = new PairedDifference();
        paired.Add("a", 0.5, 0.5);
        paired.Add("b", 1, 1);

        Assert.That(paired.Estimate(0.95).Difference.Interval, Is.EqualTo(new Interval(-0.810, 0.810)).Using<Interval>((a, b) => Math.Abs(a.Lower - b.Lower) + Math.Abs(a.Upper - b.Upper) < 0.002));
    }

    [TestCase(30)]
    [TestCase(31.5)]
    [TestCase(999)]
    [TestCase(1e6)]
    public void Students_quantile_has_its_tail(double degrees)
    {
        foreach (var confidence in new[] { 0.5, 0.9, 0.95, 1 - (0.05 / 3), 0.999, 1 - 1e-9 })
        {
            var t = StudentTail.TwoSidedQuantile(confidence, degrees);
            Assert.That(StudentTail.TwoSidedP(t, degrees), Is.EqualTo(1 - confidence).Within(1e-9 * (1 - confidence) + 1e-16));
        }
    }

    private static bool Near(double? a, double? b) => a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) < 1e-9;
}
