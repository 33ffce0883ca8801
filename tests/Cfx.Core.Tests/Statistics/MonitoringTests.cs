using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class MonitoringTests
{
    private static readonly Gen<(int Wins, int Losses)> Counts = Gen.Zip(Gen.Choose(0, 3000), Gen.Choose(0, 3000));

    [Test]
    public void Evidence_is_the_same_for_either_side() =>
        Prop.ForAll(Counts.ToArbitrary(), c =>
            Math.Abs(EValue.LnE(c.Wins, c.Losses) - EValue.LnE(c.Losses, c.Wins)) < 1e-9 * (1 + c.Wins + c.Losses)).QuickCheckThrowOnFailure();

    [Test]
    public void The_anytime_interval_is_a_wider_one_and_mirrors() =>
        Prop.ForAll(Counts.ToArbitrary(), c =>
        {
            var sequence = ConfidenceSequence.For(c.Wins, c.Losses, 0.95);
            var other = ConfidenceSequence.For(c.Losses, c.Wins, 0.95);
            var wilson = Wilson.For(c.Wins, c.Wins + c.Losses, 0.95);
            var n = c.Wins + c.Losses;
            return sequence.Lower >= 0 && sequence.Upper <= 1
                && Math.Abs(sequence.Lower + other.Upper - 1) < 1e-9
                && (n < 30 || (sequence.Lower <= wilson.Lower + 1e-9 && sequence.Upper >= wilson.Upper - 1e-9))
                && (n == 0 || sequence.Contains((double)c.Wins / n));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_interval_leaves_out_one_half_exactly_when_the_evidence_suffices() =>
        Prop.ForAll(Counts.ToArbitrary(), c =>
        {
            var enough = EValue.LnE(c.Wins, c.Losses) - EValue.StoppingLnE(1);
            return Math.Abs(enough) < 1e-6 || enough > 0 == !ConfidenceSequence.For(c.Wins, c.Losses, 0.95).Contains(0.5);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_monitor_keeps_what_it_once_saw()
    {
        var monitor = new SequentialMonitor(1);
        monitor.Look(60, 20);
        var (stop, p, interval) = (monitor.MayStop, monitor.AnytimeP, monitor.DecisiveRate);

        monitor.Look(65, 60);

        Assert.That(stop, Is.True);
        Assert.That(monitor.MayStop, Is.True);
        Assert.That(monitor.AnytimeP, Is.EqualTo(p));
        Assert.That(monitor.DecisiveRate.Lower, Is.GreaterThanOrEqualTo(interval.Lower));
    }

    [Test]
    public void Three_comparisons_need_three_times_the_evidence() =>
        Assert.That(Math.Exp(EValue.StoppingLnE(3)), Is.EqualTo(60).Within(1e-9));

    [Test]
    public void More_looks_never_err_less() =>
        Assert.That(
            new[] { 1, 2, 4, 8 }.Select(looks => RepeatedLooks.TypeOneError(400, looks, 0.05)),
            Is.Ordered);

    [Test]
    public void The_evidence_exceeds_twenty_in_at_most_one_study_of_twenty()
    {
        // Equal arms, looked at after every pair, by going through all paths that have not stopped yet.
        var going = new double[401];
        going[0] = 1;
        double stopped = 0;
        for (var n = 1; n <= 400; n++)
        {
            for (var wins = n; wins >= 0; wins--)
            {
                going[wins] = (going[wins] + (wins == 0 ? 0 : going[wins - 1])) / 2;
            }

            for (var wins = 0; wins <= n; wins++)
            {
                if (going[wins] > 0 && EValue.LnE(wins, n - wins) >= EValue.StoppingLnE(1))
                {
                    stopped += going[wins];
                    going[wins] = 0;
                }
            }
        }

        Assert.That(stopped, Is.InRange(0.01, 0.05));
    }
}
