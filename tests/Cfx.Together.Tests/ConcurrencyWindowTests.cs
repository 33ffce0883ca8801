using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class ConcurrencyWindowTests
{
    [Test]
    public void Good_replies_to_a_full_window_open_it_by_one_each_from_16_to_the_stages_maximum()
    {
        var window = new ConcurrencyWindow();
        Assert.That(window.Limit, Is.EqualTo(16));
        for (var i = 0; i < 48; i++)
        {
            window.Good(window.Send(), window.Limit, 64, TimeSpan.Zero);
        }

        Assert.That(window.Limit, Is.EqualTo(64));
        window.Good(window.Send(), 64, 64, TimeSpan.Zero);
        Assert.That(window.Limit, Is.EqualTo(64));
    }

    [Test]
    public void A_window_that_is_not_full_stays() => Prop.ForAll(
        Gen.Choose(0, 15).ToArbitrary(),
        inFlight =>
        {
            var window = new ConcurrencyWindow();
            window.Good(window.Send(), inFlight, 64, TimeSpan.Zero);
            return window.Limit == 16;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Refusals_of_calls_that_were_under_way_together_halve_it_once() => Prop.ForAll(
        Gen.Choose(1, 64).ToArbitrary(),
        Gen.Choose(1, 200).ToArbitrary(),
        (max, refusals) =>
        {
            var window = new ConcurrencyWindow();
            var numbers = Enumerable.Range(0, refusals).Select(_ => window.Send()).ToList();
            numbers.ForEach(n => window.TooMany(n, max));
            var once = Math.Max(1, Math.Min(16, max) / 2);
            var later = window.Send();
            numbers.ForEach(n => window.Good(n, 64, 64, TimeSpan.Zero));
            var still = window.Limit;
            window.TooMany(later, max);
            return still == once && window.Limit == Math.Max(1, once / 2);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void An_overloaded_model_holds_it_for_a_while()
    {
        var window = new ConcurrencyWindow();
        window.Overloaded(TimeSpan.FromSeconds(5));
        window.Good(window.Send(), 16, 64, TimeSpan.FromSeconds(14.9));
        Assert.That(window.Limit, Is.EqualTo(16), "neither up nor down");
        window.Good(window.Send(), 16, 64, TimeSpan.FromSeconds(15));
        Assert.That(window.Limit, Is.EqualTo(17));
    }

    [Test]
    public void Whatever_happens_it_stays_between_one_and_the_most_that_a_stage_allowed() => Prop.ForAll(
        Gen.ListOf(Gen.Zip(Gen.Choose(0, 3), Gen.Zip(Gen.Choose(1, 40), Gen.Choose(0, 300)))).ToArbitrary(),
        events =>
        {
            var window = new ConcurrencyWindow();
            var most = ConcurrencyWindow.Start;
            var now = TimeSpan.Zero;
            foreach (var (kind, (max, some)) in events)
            {
                var before = window.Limit;
                var number = Math.Max(1, window.Send() - (some % 7));
                now += TimeSpan.FromSeconds(some / 20);
                most = Math.Max(most, max);
                switch (kind)
                {
                    case 0 or 1:
                        window.Good(number, some, max, now);
                        if (window.Limit - before is not (0 or 1) || (window.Limit > before && some < before))
                        {
                            return false;
                        }

                        break;
                    case 2:
                        window.TooMany(number, max);
                        if (window.Limit > before)
                        {
                            return false;
                        }

                        break;
                    default:
                        window.Overloaded(now);
                        if (window.Limit != before)
                        {
                            return false;
                        }

                        break;
                }

                if (window.Limit < 1 || window.Limit > most || window.For(max) > max || window.For(max) < 1)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
}
