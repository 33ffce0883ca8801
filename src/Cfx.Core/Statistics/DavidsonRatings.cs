namespace Cfx.Core.Statistics;

/// <summary>Ratings over all arms with errors that let a conversation's comparisons depend on each other.</summary>
public static class DavidsonRatings
{
    /// <summary>Pseudo-counts where the plain likelihood has no finite maximum.</summary>
    public const double Regularising = 0.5;

    /// <summary>Enough for a percentile interval of ratings.</summary>
    public const int DefaultReplicates = 2_000;

    // More resamples than this without finite ratings, and a prior is used throughout.
    private const double MostRefitted = 0.05;

    /// <param name="records">All comparisons by conversation.</param>
    /// <param name="seed">Equal seeds give equal results.</param>
    /// <param name="replicates">At least 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="cancellationToken">Asked between replicates.</param>
    public static DavidsonRatingsResult Estimate(
        DavidsonRecords records,
        ulong seed,
        int replicates = DefaultReplicates,
        double confidence = 0.95,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 1);
        var totals = records.Totals();
        var raw = Davidson.Fit(records.Arms, totals);
        var (patterns, patternOf) = records.Patterns();
        var status = raw.Status;
        if (status == DavidsonStatus.Disconnected)
        {
            return new DavidsonRatingsResult(raw, status, records.Conversations, [], [], [], replicates, 0, 0, seed);
        }

        var prior = status == DavidsonStatus.Fitted ? 0 : Regularising;
        var draws = new Resampling(records, patterns, patternOf, seed, replicates, prior, cancellationToken);
        if (prior == 0 && draws.Refitted > MostRefitted * replicates)
        {
            prior = Regularising;
            draws = new Resampling(records, patterns, patternOf, seed, replicates, prior, cancellationToken);
        }

        var fit = prior == 0 ? raw : Davidson.Fit(records.Arms, totals, prior);
        var hasUnits = records.Conversations >= 2 && draws.Count > 0;
        return new DavidsonRatingsResult(
            fit,
            status,
            records.Conversations,
            hasUnits ? ClusterErrors(records.Arms, records.Pairs, patterns, Frequencies(patterns, patternOf), prior) : [],
            hasUnits ? [.. Enumerable.Range(0, records.Arms).Select(a => draws.Interval(t => t.Theta[a], confidence))] : [],
            hasUnits ? [.. records.Pairs.Select(p => Contrast(fit, draws, p.Second, p.First, confidence))] : [],
            replicates,
            draws.Refitted,
            replicates - draws.Count,
            seed);
    }

    /// <summary>The sandwich H⁻¹ (G/(G-1) Σ u u') H⁻¹ over conversations' scores u.</summary>
    /// <param name="arms">How many.</param>
    /// <param name="allPairs">Every two arms.</param>
    /// <param name="patterns">Wins, ties and losses of each pair in turn, for each kind of conversation.</param>
    /// <param name="often">How many conversations of each kind.</param>
    /// <param name="prior">Pseudo-counts of the fit.</param>
    /// <returns>Of theta; empty when there is no fit.</returns>
    internal static IReadOnlyList<double> ClusterErrors(
        int arms, (int First, int Second)[] allPairs, List<int[]> patterns, ReadOnlySpan<double> often, double prior)
    {
        var (pairs, columns) = Used(allPairs, patterns);
        var conversations = 0.0;
        foreach (var count in often)
        {
            conversations += count;
        }

        var solver = new DavidsonSolver(arms, pairs);
        if (!solver.Solve(Sum(patterns, columns, often, prior)))
        {
            return [];
        }

        var size = solver.Parameters;
        var middle = new double[size * size];
        var score = new double[arms];
        var picked = new int[columns.Length];
        var correction = conversations / (conversations - 1);
        for (var k = 0; k < patterns.Count; k++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                picked[i] = patterns[k][columns[i]];
            }

            Array.Clear(score);
            solver.AddScore(picked, score);
            for (var i = 0; i < size * size; i++)
            {
                middle[i] += correction * often[k] * score[i / size] * score[i % size];
            }
        }

        var covariance = SmallCholesky.Sandwich(solver.InverseInformation(), middle, size);
        return [0, .. Enumerable.Range(0, arms - 1).Select(a => Math.Sqrt(Math.Max(0, covariance[a * (size + 1)])))];
    }

    private static double[] Frequencies(List<int[]> patterns, int[] patternOf)
    {
        var often = new double[patterns.Count];
        foreach (var pattern in patternOf)
        {
            often[pattern]++;
        }

        return often;
    }

    private static DavidsonContrast Contrast(DavidsonFit fit, Resampling draws, int first, int second, double confidence) => new(
        first,
        second,
        fit.Theta[first] - fit.Theta[second],
        draws.Interval(d => d.Theta[first] - d.Theta[second], confidence),
        fit.ExpectedScore(first, second),
        draws.Interval(d => Davidson.ExpectedScore(d.Theta[first] - d.Theta[second], d.Nu), confidence));

    /// <summary>The comparisons that have pairs, and where their counts stand in a pattern.</summary>
    private static ((int First, int Second)[] Pairs, int[] Columns) Used((int First, int Second)[] pairs, List<int[]> patterns)
    {
        int[] used = [.. Enumerable.Range(0, pairs.Length).Where(p => patterns.Any(k => k[3 * p] + k[(3 * p) + 1] + k[(3 * p) + 2] > 0))];
        return ([.. used.Select(p => pairs[p])], [.. used.SelectMany(p => new[] { 3 * p, (3 * p) + 1, (3 * p) + 2 })]);
    }

    private static double[] Sum(List<int[]> patterns, int[] columns, ReadOnlySpan<double> often, double prior)
    {
        var counts = new double[columns.Length];
        counts.AsSpan().Fill(prior);
        for (var k = 0; k < patterns.Count; k++)
        {
            if (often[k] != 0)
            {
                for (var i = 0; i < columns.Length; i++)
                {
                    counts[i] += often[k] * patterns[k][columns[i]];
                }
            }
        }

        return counts;
    }

    private sealed class Resampling
    {
        // Counters of each pattern that take turns, so that adding one need not wait for the last addition to the same.
        private const int Ways = 4;

        // Far below the resamples' own spread, and the last step squares it.
        private const double Precision = 1e-6;
        private readonly List<(double[] Theta, double Nu)> _draws = [];

        public Resampling(
            DavidsonRecords records,
            List<int[]> patterns,
            int[] patternOf,
            ulong seed,
            int replicates,
            double prior,
            CancellationToken cancellationToken)
        {
            var (pairs, columns) = Used(records.Pairs, patterns);
            var solver = new DavidsonSolver(records.Arms, pairs);
            var random = new SplitMix64(seed);
            // Resamples lie about the whole sample, so its solution is where each of them starts.
            var start = solver.Solve(Sum(patterns, columns, Frequencies(patterns, patternOf), prior)) ? solver.Position() : [];
            double[] each = [.. patterns.SelectMany(p => columns.Select(c => (double)p[c]))];
            double[] counts = new double[columns.Length], theta = new double[records.Arms];
            var often = new int[Ways * patterns.Count];
            for (var b = 0; b < replicates; b++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Array.Clear(often);
                for (var i = 0; i < patternOf.Length; i++)
                {
                    often[(Ways * patternOf[random.NextIndex(patternOf.Length)]) + (i % Ways)]++;
                }

                Total(each, often, prior, counts);
                var found = solver.Solve(counts, start, Precision);
                if (!found && prior == 0)
                {
                    Refitted++;
                    Total(each, often, Regularising, counts);
                    found = solver.Solve(counts, start, Precision);
                }

                if (found)
                {
                    for (var arm = 0; arm < theta.Length; arm++)
                    {
                        theta[arm] = solver.Theta(arm);
                    }

                    _draws.Add(([.. theta], solver.Nu));
                }
            }
        }

        public int Count => _draws.Count;

        public int Refitted { get; }

        public Interval Interval(Func<(double[] Theta, double Nu), double> of, double confidence)
        {
            double[] values = [.. _draws.Select(of)];
            Array.Sort(values);
            return Quantile.CentralInterval(values, confidence);
        }

        private static void Total(double[] each, int[] often, double prior, double[] counts)
        {
            counts.AsSpan().Fill(prior);
            for (var k = 0; k < often.Length / Ways; k++)
            {
                var times = often[Ways * k] + often[(Ways * k) + 1] + often[(Ways * k) + 2] + often[(Ways * k) + 3];
                if (times != 0)
                {
                    var pattern = each.AsSpan(k * counts.Length, counts.Length);
                    for (var i = 0; i < pattern.Length; i++)
                    {
                        counts[i] += times * pattern[i];
                    }
                }
            }
        }
    }
}
