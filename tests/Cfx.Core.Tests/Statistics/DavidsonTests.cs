using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class DavidsonTests
{
    private static readonly Gen<int[]> Counts = Gen.Choose(1, 500).ArrayOf(9);

    [Test]
    public void Two_arms_have_the_closed_form() =>
        Prop.ForAll(Gen.Choose(1, 5000).ArrayOf(3).ToArbitrary(), c =>
        {
            var fit = Davidson.Fit(2, [new PairCounts(1, 0, c[0], c[1], c[2])]);
            return Math.Abs(fit.Theta[1] - Math.Log((double)c[0] / c[2])) < 1e-9
                && Math.Abs(fit.Nu!.Value - (c[1] / Math.Sqrt((double)c[0] * c[2]))) < 1e-9 * (1 + fit.Nu.Value)
                && Math.Abs(fit.ExpectedScore(1, 0) - ((c[0] + (c[1] / 2.0)) / c.Sum())) < 1e-9;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Exchanging_wins_and_losses_turns_the_ratings_round() =>
        Prop.ForAll(Counts.ToArbitrary(), c =>
        {
            var fit = Davidson.Fit(3, Pairs(c));
            var turned = Davidson.Fit(3, [.. Pairs(c).Select(p => p with { Wins = p.Losses, Losses = p.Wins })]);
            return Near(fit.Theta[1], -turned.Theta[1]) && Near(fit.Theta[2], -turned.Theta[2]) && Near(fit.Nu!.Value, turned.Nu!.Value)
                && Near(fit.ExpectedScore(1, 2) + fit.ExpectedScore(2, 1), 1);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Another_first_arm_moves_all_ratings_alike() =>
        Prop.ForAll(Counts.ToArbitrary(), c =>
        {
            var fit = Davidson.Fit(3, Pairs(c));
            // Arms 0 and 2 exchange their numbers.
            var other = Davidson.Fit(3, [.. Pairs(c).Select(p => p with { First = 2 - p.First, Second = 2 - p.Second })]);
            return Near(fit.Theta[1] - fit.Theta[2], other.Theta[1]) && Near(-fit.Theta[2], other.Theta[2])
                && Near(fit.LogLikelihood!.Value, other.LogLikelihood!.Value);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void One_more_win_never_lowers_the_winner() =>
        Prop.ForAll(Counts.ToArbitrary(), c =>
        {
            var pairs = Pairs(c);
            var more = Davidson.Fit(3, [pairs[0] with { Wins = pairs[0].Wins + 1 }, pairs[1], pairs[2]]);
            return more.Theta[1] >= Davidson.Fit(3, pairs).Theta[1] - 1e-9;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Arms_that_never_met_even_indirectly_have_no_common_scale()
    {
        var fit = Davidson.Fit(4, [new PairCounts(0, 1, 5, 5, 5), new PairCounts(2, 3, 5, 5, 5), new PairCounts(1, 2, 0, 0, 0)]);

        Assert.That(fit.Status, Is.EqualTo(DavidsonStatus.Disconnected));
        Assert.That(fit.Theta, Is.Empty);
    }

    [Test]
    public void A_million_pairs_are_fitted_as_well_as_a_few()
    {
        var few = Davidson.Fit(3, [new(1, 0, 48, 20, 32), new(2, 0, 43, 21, 36), new(1, 2, 41, 22, 37)]);
        var many = Davidson.Fit(3, [new(1, 0, 480_000, 200_000, 320_000), new(2, 0, 430_000, 210_000, 360_000), new(1, 2, 410_000, 220_000, 370_000)]);

        Assert.That(many.Theta[1], Is.EqualTo(few.Theta[1]).Within(1e-10));
        Assert.That(many.ThetaErrors[1] * 100, Is.EqualTo(few.ThetaErrors[1]).Within(1e-10));
    }

    [Test]
    public void An_arm_that_only_wins_is_rated_with_a_prior_and_says_so()
    {
        var records = new DavidsonRecords(2);
        for (var i = 0; i < 20; i++)
        {
            records.Add($"c{i}", 1, 0, 1);
        }

        var ratings = DavidsonRatings.Estimate(records, 1, 100);

        Assert.That(ratings.RawStatus, Is.EqualTo(DavidsonStatus.NoFiniteMle));
        Assert.That(ratings.Fit.Prior, Is.EqualTo(0.5));
        Assert.That(ratings.Fit.Theta[1], Is.EqualTo(Math.Log(20.5 / 0.5)).Within(1e-9));
        Assert.That(ratings.Intervals, Has.Count.EqualTo(2));
    }

    [Test]
    public void Where_many_resamples_have_no_finite_ratings_the_prior_is_used_throughout()
    {
        var records = new DavidsonRecords(2);
        for (var i = 0; i < 20; i++)
        {
            records.Add($"c{i}", 1, 0, i == 0 ? 0 : i < 5 ? 0.5 : 1);
        }

        var ratings = DavidsonRatings.Estimate(records, 1, 400);

        Assert.That(ratings.RawStatus, Is.EqualTo(DavidsonStatus.Fitted));
        Assert.That(ratings.Fit.Prior, Is.EqualTo(0.5));
    }

    [Test]
    public void The_seed_decides_the_intervals_and_the_conversations_names_do_not()
    {
        var (one, other) = (Records(i => $"c{i}"), Records(i => $"x{1000 - i}"));

        var (first, second) = (DavidsonRatings.Estimate(one, 5, 300), DavidsonRatings.Estimate(other, 5, 300));

        Assert.That(second.Intervals, Is.EqualTo(first.Intervals));
        Assert.That(second.Contrasts, Is.EqualTo(first.Contrasts));
        Assert.That(DavidsonRatings.Estimate(one, 6, 300).Intervals, Is.Not.EqualTo(first.Intervals));
        var width = first.Intervals[1].Upper - first.Intervals[1].Lower;
        Assert.That(width, Is.EqualTo(2 * 1.96 * first.ClusterErrors[1]).Within(0.25 * width));
        Assert.That(first.Contrasts.Single(c => (c.First, c.Second) == (1, 0)).ThetaInterval, Is.EqualTo(first.Intervals[1]));
    }

    [Test]
    public void Outcomes_seen_from_either_arm_are_the_same_outcome()
    {
        var (one, other) = (new DavidsonRecords(3), new DavidsonRecords(3));
        one.Add("a", 2, 1, 1);
        other.Add("a", 1, 2, 0);

        Assert.That(other.Totals(), Is.EqualTo(one.Totals()));
        Assert.That(() => one.Add("a", 1, 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => one.Add("a", 1, 2, 0.3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static DavidsonRecords Records(Func<int, string> name)
    {
        var random = new SplitMix64(3);
        var records = new DavidsonRecords(3);
        for (var i = 0; i < 200; i++)
        {
            foreach (var (first, second) in new[] { (1, 0), (2, 0), (1, 2) })
            {
                records.Add(name(i), first, second, random.NextIndex(5) switch { 0 or 1 => 1, 2 or 3 => 0, _ => 0.5 });
            }
        }

        return records;
    }

    private static PairCounts[] Pairs(int[] c) => [new(1, 0, c[0], c[1], c[2]), new(2, 0, c[3], c[4], c[5]), new(1, 2, c[6], c[7], c[8])];

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-8 * (1 + Math.Abs(a));
}
