using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Interval = Cfx.Core.Statistics.Interval;

namespace Cfx.Core.Tests.Statistics;

public sealed class ClusterBootstrapTests
{
    private static readonly Gen<(int Conversation, double Score)[]> Scores =
        Gen.Zip(Gen.Choose(0, 15), Gen.Elements(0.0, 0.25, 0.5, 0.75, 1.0)).NonEmptyListOf().Select(l => l.ToArray());

    [Test]
    public void The_interval_is_within_the_scores_range_and_the_seed_decides_it() =>
        Prop.ForAll(Gen.Zip(Scores, Gen.Choose(0, 1000)).ToArbitrary(), given =>
        {
            var one = ClusterBootstrap.Run(Sums(given.Item1, c => c), (ulong)given.Item2, 60, 0.95);
            var other = ClusterBootstrap.Run(Sums(given.Item1, c => c), (ulong)given.Item2, 60, 0.95);
            return one == other && one.Interval!.Lower >= 0 && one.Interval.Upper <= 1 && one.Interval.Lower <= one.Interval.Upper;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Other_names_of_the_conversations_change_nothing() =>
        Prop.ForAll(Scores.ToArbitrary(), scores =>
            ClusterBootstrap.Run(Sums(scores, c => c), 7, 60, 0.95) == ClusterBootstrap.Run(Sums(scores, c => 100 - c), 7, 60, 0.95)
            && Estimate(scores, c => c) == Estimate(scores, c => 100 - c)).QuickCheckThrowOnFailure();

    [Test]
    public void Exchanging_the_models_mirrors_the_interval() =>
        Prop.ForAll(Scores.ToArbitrary(), scores =>
        {
            var one = ClusterBootstrap.Run(Sums(scores, c => c), 7, 60, 0.95).Interval!;
            var other = ClusterBootstrap.Run(Sums([.. scores.Select(s => (s.Conversation, 1 - s.Score))], c => c), 7, 60, 0.95).Interval!;
            return Math.Abs(one.Lower + other.Upper - 1) < 1e-9 && Math.Abs(one.Upper + other.Lower - 1) < 1e-9;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_share_among_some_leaves_out_resamples_without_any()
    {
        var decided = new ClusterSums();
        decided.Add("a", 1, 1);
        decided.Add("b", 0, 0);

        var result = ClusterBootstrap.Run(decided, 1, 1000, 0.95);

        Assert.That(result.Empty, Is.InRange(150, 350));
        Assert.That(result.Replicates + result.Empty, Is.EqualTo(1000));
        Assert.That(result.Interval, Is.EqualTo(new Interval(1, 1)));
    }

    [Test]
    public void At_many_pairs_it_agrees_with_the_t_interval()
    {
        var scores = new ClusterHalfCredit();
        for (var i = 0; i < 600; i++)
        {
            scores.Add($"c{i}", i % 10 < 5 ? 1 : i % 10 < 6 ? 0.5 : 0);
        }

        var t = scores.Estimate(0.95).HalfCredit;
        var bootstrap = ClusterBootstrap.Run(scores.Sums, 1, ClusterBootstrap.DefaultReplicates, 0.95);

        Assert.That(bootstrap.DisagreesWith(t), Is.False);
        Assert.That((bootstrap with { Interval = new Interval(0.1, 0.2) }).DisagreesWith(t), Is.True);
    }

    [Test]
    public void Without_conversations_there_is_no_interval() =>
        Assert.That(ClusterBootstrap.Run(new ClusterSums(), 1, 100, 0.95), Is.EqualTo(new BootstrapResult(0, 0, null, null, null)));

    private static ClusterSums Sums((int Conversation, double Score)[] scores, Func<int, int> name)
    {
        var sums = new ClusterSums();
        foreach (var (conversation, score) in scores)
        {
            sums.Add($"c{name(conversation)}", score);
        }

        return sums;
    }

    private static ClusterHalfCreditResult Estimate((int Conversation, double Score)[] scores, Func<int, int> name)
    {
        var gathered = new ClusterHalfCredit();
        foreach (var (conversation, score) in scores)
        {
            gathered.Add($"c{name(conversation)}", score);
        }

        return gathered.Estimate(0.95);
    }
}
