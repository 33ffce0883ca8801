using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Interval = Cfx.Core.Statistics.Interval;

namespace Cfx.Core.Tests.Statistics;

public sealed class ReliabilityTests
{
    private static readonly Gen<int[]> Nine = Gen.Choose(0, 300).ArrayOf(9);

    [Test]
    public void Exchanging_the_models_names_leaves_the_judge_as_reliable_as_it_is() =>
        Prop.ForAll(Nine.ToArbitrary(), cells =>
        {
            var table = Table(cells);
            var (one, other) = (JudgeReliability.From(table, 0.95), JudgeReliability.From(table.Exchanged(), 0.95));
            return one.Consistency == other.Consistency && one.FlipRate == other.FlipRate && one.FirstSlotBias == other.FirstSlotBias
                && Near(one.OrderKappa.Kappa, other.OrderKappa.Kappa) && one.FlipDirection == other.FlipDirection;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Exchanging_the_slots_turns_the_bias_round() =>
        Prop.ForAll(Nine.ToArbitrary(), cells =>
        {
            var (table, turned) = (Table(cells), new SlotTable());
            foreach (var normal in Enum.GetValues<Verdict>())
            {
                foreach (var reversed in Enum.GetValues<Verdict>())
                {
                    turned.Add(Other(normal), Other(reversed), table[normal, reversed]);
                }
            }

            var (one, other) = (JudgeReliability.From(table, 0.95), JudgeReliability.From(turned, 0.95));
            return Near(one.FirstSlotBias, -other.FirstSlotBias) && one.Consistency == other.Consistency;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Shares_add_up_and_the_bias_stays_in_range() =>
        Prop.ForAll(Nine.Where(c => c.Sum() > 0).ToArbitrary(), cells =>
        {
            var r = JudgeReliability.From(Table(cells), 0.95);
            return Near(r.Consistency + r.FlipRate + r.SoftRate, 1) && r.FirstSlotBias is >= -0.5 and <= 0.5
                && r.ConsistencyInterval.Contains(r.Consistency!.Value) && (r.FirstSlotBiasInterval?.Contains(r.FirstSlotBias.Value) ?? cells.Sum() == 1);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_bias_in_logs_of_one_order_is_told_from_the_difference_of_the_orders() =>
        Prop.ForAll(Gen.Choose(1, 500).ArrayOf(6).ToArbitrary(), c =>
        {
            var one = OrderStratified.From((c[0], c[1], c[2]), (c[3], c[4], c[5]), 0.95);
            // Model2's view: its slot A is the reversed order, and its wins are model1's losses.
            var other = OrderStratified.From((c[5], c[4], c[3]), (c[2], c[1], c[0]), 0.95);
            return Near(one.H, 1 - other.H) && Near(one.FirstSlotBias, other.FirstSlotBias) && one.Interval.Contains(one.H!.Value)
                && one.Interval.Lower >= 0 && one.Interval.Upper <= 1
                && Near(one.PValue, other.PValue) && Near(one.BiasP, other.BiasP) && Near(one.Interval.Lower, 1 - other.Interval.Upper)
                && Near(one.BiasInterval!.Lower, other.BiasInterval!.Lower);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void With_one_order_only_nothing_is_estimated_but_the_pooled_rate_is_told()
    {
        var result = OrderStratified.From((7, 1, 2), (0, 0, 0), 0.95);

        Assert.That(result.H, Is.Null);
        Assert.That(result.Interval, Is.EqualTo(Interval.Unknown));
        Assert.That(result.PooledH, Is.EqualTo(0.75));
        Assert.That(new object?[] { result.PValue, result.BiasP, result.BiasInterval }, Is.All.Null);
    }

    [Test]
    public void With_many_pairs_in_both_orders_interval_and_test_are_those_of_the_large_sample_error()
    {
        var result = OrderStratified.From((2300, 400, 1800), (1900, 450, 2250), 0.95);
        var margin = NormalTail.TwoSidedQuantile(0.95) * result.StandardError!.Value;

        Assert.That(result.Interval.Lower, Is.EqualTo(result.H!.Value - margin).Within(0.002 * margin));
        Assert.That(result.BiasInterval!.Upper, Is.EqualTo(result.FirstSlotBias!.Value + margin).Within(0.002 * margin));
        Assert.That(result.PValue, Is.EqualTo(NormalTail.TwoSidedP((result.H.Value - 0.5) / result.StandardError.Value)).Within(0.005));
    }

    [Test]
    public void An_order_without_variation_does_not_make_the_rate_certain()
    {
        var result = OrderStratified.From((2, 1, 0), (3, 0, 0), 0.95);

        Assert.That(result.Interval.Lower, Is.LessThan(0.5));
        Assert.That(result.PValue, Is.EqualTo(0.1).Within(1e-12), "one of the 20 ways to draw three of A, A, TIE, B, B, B, twice");
    }

    [Test]
    public void Several_pairs_a_conversation_widen_the_bias_interval()
    {
        var table = new SlotTable();
        var clustered = new List<SlotTable>();
        for (var i = 0; i < 10; i++)
        {
            var verdict = i % 3 == 0 ? Verdict.B : Verdict.A;
            table.Add(verdict, verdict, 10);
            clustered.Add(new SlotTable());
            clustered[i].Add(verdict, verdict, 10);
        }

        var (plain, wide) = (JudgeReliability.From(table, 0.95), JudgeReliability.From(table, 0.95, clustered));

        Assert.That(wide.FirstSlotBias, Is.EqualTo(plain.FirstSlotBias).Within(1e-12));
        Assert.That(wide.FirstSlotBiasError, Is.GreaterThan(3 * plain.FirstSlotBiasError!.Value));
        Assert.That(plain.IsLow, Is.True);
    }

    [Test]
    public void Two_pairs_without_a_pull_do_not_show_that_there_is_none()
    {
        var table = new SlotTable();
        table.Add(Verdict.A, Verdict.B, 1);
        table.Add(Verdict.B, Verdict.A, 1);
        var result = JudgeReliability.From(table, 0.95);

        Assert.That(result.FirstSlotBias, Is.Zero);
        Assert.That(result.FirstSlotBiasInterval!.Upper, Is.EqualTo(0.40547).Within(1e-4), "Wilson's for 1 of 2, less a half");
        Assert.That(result.OrderKappa.Kappa, Is.EqualTo(1));
        Assert.That(result.OrderKappa.Interval!.Lower, Is.EqualTo((0.342380 - 0.5) / 0.5).Within(1e-5), "Wilson's for 2 of 2 agreed, half of it by chance");
        Assert.That(result.OrderKappa.Interval.Upper, Is.EqualTo(1));
    }

    [Test]
    public void Cohens_kappa_is_the_same_for_either_judge_first_and_for_any_order_of_categories() =>
        Prop.ForAll(Nine.ToArbitrary(), cells =>
        {
            long[,] matrix = new long[3, 3], turned = new long[3, 3], moved = new long[3, 3];
            for (var i = 0; i < 9; i++)
            {
                matrix[i / 3, i % 3] = cells[i];
                turned[i % 3, i / 3] = cells[i];
                moved[(i / 3 + 1) % 3, (i % 3 + 1) % 3] = cells[i];
            }

            var (one, two, three) = (CohenKappa.Of(matrix), CohenKappa.Of(turned), CohenKappa.Of(moved));
            return Near(one.Kappa, two.Kappa) && Near(one.Kappa, three.Kappa) && Near(one.StandardError, two.StandardError)
                && one.Kappa is null or >= -1 and <= 1;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Single_items_by_conversation_have_the_usual_error_of_kappa_and_repeated_ones_a_larger() =>
        Prop.ForAll(Nine.Where(c => c.Sum() is > 20 and < 500).ToArbitrary(), cells =>
        {
            var matrix = new long[3, 3];
            List<long[,]> single = [], twice = [];
            for (var i = 0; i < 9; i++)
            {
                matrix[i / 3, i % 3] = 2 * cells[i];
                for (var j = 0; j < cells[i]; j++)
                {
                    var (one, two) = (new long[3, 3], new long[3, 3]);
                    (one[i / 3, i % 3], two[i / 3, i % 3]) = (1, 2);
                    single.AddRange([one, one]);
                    twice.Add(two);
                }
            }

            double n = single.Count;
            var plain = CohenKappa.Of(matrix);
            var (apart, together) = (CohenKappa.Of(matrix, conversations: single), CohenKappa.Of(matrix, conversations: twice));
            return plain.StandardError is not > 1e-6
                || (Near(apart.StandardError, plain.StandardError * Math.Sqrt(n / (n - 1)))
                    && Near(together.StandardError, plain.StandardError * Math.Sqrt(2 * (n / 2) / ((n / 2) - 1))));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Fleiss_own_kind_of_example_gives_its_published_kappa()
    {
        // Ten items, fourteen judges, five categories; the textbook value is 0.210.
        int[][] votes =
        [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ];
        var kappa = new FleissKappa(5);
        foreach (var item in votes)
        {
            kappa.Add(item);
        }

        var result = kappa.Estimate();

        Assert.That(result.Agreement, Is.EqualTo(0.378).Within(5e-4));
        Assert.That(result.ExpectedAgreement, Is.EqualTo(0.213).Within(5e-4));
        Assert.That(result.Kappa, Is.EqualTo(0.210).Within(5e-4));
        Assert.That(result.StandardError, Is.GreaterThan(0));
    }

    [Test]
    public void Items_of_one_conversation_add_nothing_to_Fleiss_kappa_but_weight()
    {
        int[][] votes = [[3, 0, 0], [2, 1, 0], [0, 3, 0], [0, 2, 1], [1, 1, 1], [0, 0, 3], [3, 0, 0]];
        FleissKappa plain = new(3), named = new(3), twice = new(3);
        foreach (var (item, i) in votes.Select((v, i) => (v, i)))
        {
            plain.Add(item);
            named.Add(item, $"c{i}");
            twice.Add(item, $"c{i}");
            twice.Add(item, $"c{i}");
        }

        Assert.That(named.Estimate(), Is.EqualTo(plain.Estimate()));
        Assert.That(twice.Estimate().Kappa, Is.EqualTo(plain.Estimate().Kappa).Within(1e-12));
        Assert.That(twice.Estimate().StandardError, Is.EqualTo(plain.Estimate().StandardError).Within(1e-12));
        Assert.That(twice.Estimate().Interval!.Upper, Is.GreaterThan(plain.Estimate().Interval!.Upper), "Student's, over seven conversations");
    }

    [Test]
    public void Verdicts_of_one_conversation_add_nothing_to_an_agreement_but_weight()
    {
        ConversationItems<(int, int)> apart = new(), twice = new();
        (int, int)[] verdicts = [(0, 0), (0, 0), (0, 2), (2, 2), (1, 1), (2, 2), (1, 0), (0, 0), (2, 2), (2, 0)];
        foreach (var (verdict, i) in verdicts.Select((v, i) => (v, i)))
        {
            apart.Add($"c{i}", verdict);
            twice.Add($"c{i}", verdict);
            twice.Add($"c{i}", verdict);
        }

        var (one, two) = (VerdictAgreement.From(apart, 0.95), VerdictAgreement.From(twice, 0.95));

        Assert.That((two.Kappa.N, two.Decided), Is.EqualTo((20L, 16L)));
        Assert.That(two.DecidedAgreement, Is.EqualTo(one.DecidedAgreement));
        Assert.That(two.AgreementInterval.Upper - two.AgreementInterval.Lower, Is.GreaterThan(one.AgreementInterval.Upper - one.AgreementInterval.Lower));
        Assert.That(two.DecidedInterval.Lower, Is.LessThan(one.DecidedInterval.Lower));
    }

    [Test]
    public void Judges_who_always_agree_have_kappa_1_and_items_of_one_judge_do_not_count()
    {
        var kappa = new FleissKappa(3);
        kappa.Add([3, 0, 0]);
        kappa.Add([0, 3, 0]);
        kappa.Add([0, 0, 2]);
        kappa.Add([0, 0, 1]);

        var result = kappa.Estimate();

        Assert.That(result.Kappa, Is.EqualTo(1).Within(1e-12));
        Assert.That(result.N, Is.EqualTo(3));
        Assert.That(kappa.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void A_judge_against_itself_agrees_wholly_also_on_decided_pairs()
    {
        var result = VerdictAgreement.From(new long[,] { { 10, 0, 0 }, { 0, 5, 0 }, { 0, 0, 7 } }, 0.95);

        Assert.That(result.Kappa.Kappa, Is.EqualTo(1).Within(1e-12));
        Assert.That(result.Decided, Is.EqualTo(17));
        Assert.That(result.DecidedAgreement, Is.EqualTo(1));
    }

    private static Verdict Other(Verdict verdict) => verdict switch { Verdict.A => Verdict.B, Verdict.B => Verdict.A, _ => verdict };

    private static SlotTable Table(int[] cells)
    {
        var table = new SlotTable();
        for (var i = 0; i < 9; i++)
        {
            table.Add((Verdict)(i / 3), (Verdict)(i % 3), cells[i]);
        }

        return table;
    }

    private static bool Near(double? a, double? b) => a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) < 1e-9;
}
