using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics.Calibration;

/// <summary>Runs every interval and test that belongs to a study of three arms, by the product's own code, and notes what they say of the
/// truth. Single comparisons are looked at in the first one, feedback against base.</summary>
internal sealed class ThreeArmsAnalysis
{
    private const string Rate = "win rate, t interval";
    private const string DecidedRate = "win rate among decided, Wilson";
    private const string SignTestName = "sign test";
    private const string Failure = "failure rate, Wilson";
    private const string Consistency = "order consistency, Wilson";
    private const string Flips = "flip rate, Wilson";
    private const string Discrete = "counts are discrete, so the coverage of Wilson's interval swings about 95%";
    private const string LargeSample = "normal tails and a linearised error: large-sample";
    private const string WideByDesign = "wide by design: holds whatever the missing verdicts were, or at all looks together";
    private const string Percentile = "percentile interval: narrower than a t interval by a share of order 1/conversations";
    private readonly CalibrationCell _cell;
    private readonly CodeTruth[] _truths;
    private readonly DavidsonFit _ratings;
    private readonly string[] _names;

    public ThreeArmsAnalysis(CalibrationCell cell, CodeTruth[] truths)
    {
        (_cell, _truths) = (cell, truths);
        // With a biased judge outcomes need not follow the model; then the fit to their true chances is what an estimate goes to.
        _ratings = Davidson.Fit(3, [.. ThreeArmsPattern.Comparisons.Select((c, i) => new PairCounts(
            c.First, c.Second, 1e6 * truths[i].Outcomes[0], 1e6 * truths[i].Outcomes[1], 1e6 * truths[i].Outcomes[2]))]);
        _names = [.. Enumerable.Range(0, cell.N).Select(i => $"c{i}")];
    }

    private bool IsNull => _cell.Scenario.IsNull;

    private bool IsClean => _cell.Scenario is { Noise: 0, Pull: 0 };

    public Dictionary<(CalibrationKind, string), double> Exact()
    {
        var t = _truths[0];
        var exact = new Dictionary<(CalibrationKind, string), double>
        {
            [(CalibrationKind.Coverage, Rate)] = ExactRates.HalfCreditCoverage(_cell.N, t.Outcomes, t.Rate),
            [(CalibrationKind.Coverage, DecidedRate)] = ExactRates.DecidedCoverage(_cell.N, t.Outcomes),
            [(CalibrationKind.Coverage, Failure)] = ExactRates.WilsonCoverage(_cell.N, t.Missing),
        };
        if (_cell.Scenario.Missing == 0)
        {
            // With missing verdicts the number of complete pairs is random, too.
            exact[(CalibrationKind.Coverage, Consistency)] = ExactRates.WilsonCoverage(_cell.N, t.Consistency);
            exact[(CalibrationKind.Coverage, Flips)] = ExactRates.WilsonCoverage(_cell.N, t.Flips);
        }

        if (IsNull)
        {
            exact[(CalibrationKind.TypeOneError, SignTestName)] = ExactRates.SignTestRejection(_cell.N, t.Outcomes);
        }

        return exact;
    }

    public void Analyse(ThreeArmsStudy study, CalibrationTally tally)
    {
        Rates(study, tally);
        Reliability(study, tally);
        Family(study, tally);
        Watching(study, tally);
        Ratings(study, tally);
    }

    public void Resample(ThreeArmsStudy study, ulong seed, int replicates, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var scores = new ClusterSums();
        var records = new DavidsonRecords(3);
        for (var i = 0; i < _cell.N; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                if (ThreeArmsPattern.Score(study.PatternOf[i], c) is { } score)
                {
                    records.Add(_names[i], ThreeArmsPattern.Comparisons[c].First, ThreeArmsPattern.Comparisons[c].Second, score);
                    if (c == 0)
                    {
                        scores.Add(_names[i], score);
                    }
                }
            }
        }

        var level = ResampledLevel.Matching(replicates, ClusterBootstrap.DefaultReplicates, 0.95);
        tally.Covers("win rate, bootstrap", ClusterBootstrap.Run(scores, seed, replicates, level, cancellationToken).Interval, _truths[0].Rate, Percentile);
        level = ResampledLevel.Matching(replicates, DavidsonRatings.DefaultReplicates, 0.95);
        var ratings = DavidsonRatings.Estimate(records, seed, replicates, level, cancellationToken);
        for (var arm = 1; arm < 3; arm++)
        {
            tally.Covers(
                arm == 1 ? "rating of feedback, bootstrap" : "rating of alternative, bootstrap",
                ratings.Intervals.Count == 0 ? null : ratings.Intervals[arm],
                _ratings.Theta[arm],
                Percentile);
        }

        ThreeArmsResampling.Contrasts(ratings, _ratings, tally);
        ThreeArmsResampling.Difference(study, _names, _truths[0].Rate - _truths[1].Rate, seed, replicates, tally, cancellationToken);
    }

    private void Rates(ThreeArmsStudy study, CalibrationTally tally)
    {
        var t = _truths[0];
        var (wins, ties, losses, missing) = (study.Outcomes[0, 0], study.Outcomes[0, 1], study.Outcomes[0, 2], study.Outcomes[0, 3]);
        var rate = HalfCredit.FromCounts(wins, ties, losses, 0.95);
        tally.Covers(Rate, rate.Interval, t.Rate);
        tally.Errs("win rate", rate.H, t.Rate);
        tally.Covers(DecidedRate, Wilson.For(wins, wins + losses, 0.95), t.Decided, Discrete);
        tally.Errs("win rate among decided", wins + losses == 0 ? null : (double)wins / (wins + losses), t.Decided);
        if (IsNull)
        {
            tally.Rejects(SignTestName, SignTest.TwoSided(wins, losses).PValue <= 0.05);
            tally.Rejects(
                "t test of the win rate",
                rate.StandardError is > 0 ? StudentTail.TwoSidedP((rate.H!.Value - 0.5) / rate.StandardError.Value, rate.N - 1) <= 0.05 : null,
                reason: "not the primary test; counts are discrete");
        }
        else
        {
            var margin = Math.Abs(t.Rate - 0.5);
            tally.Rejects(
                "equivalence, truth at the margin",
                Equivalence.Of(rate, rate.N, margin)!.PValue <= 0.05);
        }

        if (_cell.Scenario.Missing > 0)
        {
            tally.Covers(Failure, Wilson.For(missing, _cell.N, 0.95), t.Missing, Discrete);
            tally.Covers("worst case of missing verdicts", FailureBounds.From(wins, ties, losses, missing, 0.95).WithSampling, t.Rate, WideByDesign);
        }
    }

    private void Reliability(ThreeArmsStudy study, CalibrationTally tally)
    {
        var t = _truths[0];
        var table = new SlotTable();
        double averaged = 0;
        var scores = new long[5];
        for (var code = 0; code < 16; code++)
        {
            if (CodeTruth.PairOf(code).AveragedScore is { } score)
            {
                table.Add((Verdict)(code / 4), (Verdict)(code % 4), study.Codes[code]);
                scores[(int)(4 * score)] += study.Codes[code];
                averaged += score * study.Codes[code];
            }
        }

        var both = HalfCredit.FromScores([.. scores.Select((count, quarter) => (quarter / 4.0, count))], 0.95);
        tally.Covers("averaged win rate, t interval", both.Interval, t.Averaged);
        tally.Errs("averaged win rate", averaged / table.N, t.Averaged);
        if (IsClean)
        {
            return;
        }

        var judge = JudgeReliability.From(table, 0.95);
        tally.Covers(Consistency, judge.ConsistencyInterval, t.Consistency, Discrete);
        tally.Errs("order consistency", judge.Consistency, t.Consistency);
        tally.Covers(Flips, judge.FlipInterval, t.Flips, Discrete);
        tally.Covers("soft rate, Wilson", judge.SoftInterval, t.Soft, Discrete);
        tally.Covers("first-slot bias, t interval", judge.FirstSlotBiasInterval, t.Bias);
        tally.Errs("first-slot bias", judge.FirstSlotBias, t.Bias);
        tally.Covers("kappa of the two orders", judge.OrderKappa.Interval, t.Kappa, LargeSample);
        tally.Errs("kappa of the two orders", judge.OrderKappa.Kappa, t.Kappa, "kappa is a ratio: bias of order 1/n");
        (long, long, long) Order(int o, long w, long l) => (w, study.OneOrder[o, (int)Verdict.Tie], l);
        var single = OrderStratified.From(
            Order(0, study.OneOrder[0, (int)Verdict.A], study.OneOrder[0, (int)Verdict.B]),
            Order(1, study.OneOrder[1, (int)Verdict.B], study.OneOrder[1, (int)Verdict.A]),
            0.95);
        tally.Covers("one-order logs: win rate", single.Interval, t.Stratified);
        tally.Errs("one-order logs: win rate", single.H, t.Stratified);
        tally.Covers("one-order logs: first-slot bias", single.BiasInterval, t.StratifiedBias);
        tally.Errs("one-order logs: first-slot bias", single.FirstSlotBias, t.StratifiedBias);
        if (_cell.Scenario.Pull == 0)
        {
            tally.Rejects("direction of flips, sign test", judge.FlipDirection.PValue <= 0.05);
            tally.Rejects("one-order logs: test of the bias", single.BiasP <= 0.05);
        }

        if (IsNull)
        {
            tally.Rejects("one-order logs: test of the win rate", single.PValue <= 0.05);
        }
    }

    private void Family(ThreeArmsStudy study, CalibrationTally tally)
    {
        var holds = true;
        var p = new double[3];
        for (var c = 0; c < 3; c++)
        {
            var (wins, ties, losses) = (study.Outcomes[c, 0], study.Outcomes[c, 1], study.Outcomes[c, 2]);
            holds &= HalfCredit.FromCounts(wins, ties, losses, 1 - (0.05 / 3)).Interval.Contains(_truths[c].Rate);
            p[c] = SignTest.TwoSided(wins, losses).PValue;
        }

        tally.Holds("all three win rates, simultaneous", holds);
        if (IsNull)
        {
            tally.Rejects("any comparison after Holm", Holm.Adjust(p).Any(a => a <= 0.05));
        }

        var paired = new PairedDifference();
        for (var i = 0; i < _cell.N; i++)
        {
            if (ThreeArmsPattern.Score(study.PatternOf[i], 0) is { } first && ThreeArmsPattern.Score(study.PatternOf[i], 1) is { } second)
            {
                paired.Add(_names[i], first, second);
            }
        }

        var difference = paired.Estimate(0.95).Difference;
        var truth = _truths[0].Rate - _truths[1].Rate;
        tally.Covers("difference of two arms, paired t", difference.Interval, truth);
        tally.Errs("difference of two arms", difference.Mean, truth);
        if (IsNull)
        {
            tally.Rejects("difference of two arms, paired t", difference.PValue is { } value ? value <= 0.05 : null);
        }
    }

    private void Watching(ThreeArmsStudy study, CalibrationTally tally)
    {
        var monitor = new SequentialMonitor(1);
        var significant = false;
        foreach (var (wins, losses) in study.Looks)
        {
            monitor.Look(wins, losses);
            significant |= IsNull && SignTest.TwoSided(wins, losses).PValue <= 0.05;
        }

        tally.Covers("decided rate at ten looks together", monitor.DecisiveRate, _truths[0].Decided, WideByDesign);
        if (IsNull)
        {
            tally.Rejects("e-value, ten looks", monitor.MayStop);
            tally.Rejects("sign test, ten looks", significant, reason: "what looking early does: why no p-value is given before the planned n");
        }
    }

    private void Ratings(ThreeArmsStudy study, CalibrationTally tally)
    {
        var fit = Davidson.Fit(3, [.. ThreeArmsPattern.Comparisons.Select((c, i) =>
            new PairCounts(c.First, c.Second, study.Outcomes[i, 0], study.Outcomes[i, 1], study.Outcomes[i, 2]))]);
        var found = fit.Status == DavidsonStatus.Fitted;
        var errors = found ? DavidsonRatings.ClusterErrors(3, ThreeArmsPattern.AllPairs, ThreeArmsPattern.Counts, study.Patterns, 0) : [];
        for (var arm = 1; arm < 3; arm++)
        {
            var name = arm == 1 ? "rating of feedback" : "rating of alternative";
            double? theta = found ? fit.Theta[arm] : null;
            tally.Covers(name + ", clustered error", theta is null ? null : Around(theta.Value, errors[arm]), _ratings.Theta[arm]);
            tally.Covers(
                name + ", model's error",
                theta is null ? null : Around(theta.Value, fit.ThetaErrors[arm]),
                _ratings.Theta[arm],
                "takes a conversation's comparisons for independent: why the clustered error is reported");
            tally.Errs(name, theta, _ratings.Theta[arm], "a log ratio: bias of order 1/n");
        }

        if (IsNull)
        {
            tally.Rejects(
                "ratings' fit check at 0.01",
                found ? fit.FitsBadly : null,
                0.01,
                "takes a conversation's comparisons for independent; it only warns");
        }
    }

    private static Interval Around(double centre, double error) =>
        new(centre - (NormalTail.TwoSidedQuantile(0.95) * error), centre + (NormalTail.TwoSidedQuantile(0.95) * error));
}
