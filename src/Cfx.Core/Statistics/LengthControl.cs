namespace Cfx.Core.Statistics;

/// <summary>The win rate at equal lengths: fractional logistic regression (Papke and Wooldridge 1996) of the score on tanh(length difference /
/// sd), after AlpacaEval's length control (Dubois et al. 2024) without its terms for the instruction's difficulty.</summary>
/// <remarks>logit P(model2) = theta + phi tanh(dl/sd) [+ rho·o, o = 1/2 when model2 stood first, else -1/2]; sd is the sample's. Errors are
/// sandwich ones with n/(n-1), or G/(G-1) over conversations.</remarks>
public static class LengthControl
{
    private const double Bound = 20;

    /// <param name="observations">One for each complete pair; the order is used when every one tells it and both occur.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static LengthControlResult Fit(IReadOnlyList<LengthObservation> observations, double confidence)
    {
        var n = observations.Count;
        var differences = new ClusterSums();
        var scores = new ClusterSums();
        double length1 = 0, length2 = 0;
        var sorted = new double[n];
        var longer = 0L;
        for (var i = 0; i < n; i++)
        {
            var o = observations[i];
            var cluster = Cluster(o, i);
            differences.Add(cluster, o.Length2 - o.Length1);
            scores.Add(cluster, o.Score2);
            length1 += o.Length1;
            length2 += o.Length2;
            sorted[i] = o.Length2 - o.Length1;
            longer += o.Length2 > o.Length1 ? 1 : 0;
        }

        Array.Sort(sorted);
        var described = new LengthControlResult
        {
            Status = LengthControlStatus.NoData,
            Unsupported = "no_data",
            N = n,
            RawRate = n == 0 ? null : scores.Total / n,
            ShareLonger2 = n == 0 ? null : (double)longer / n,
            MeanLength1 = n == 0 ? null : length1 / n,
            MeanLength2 = n == 0 ? null : length2 / n,
            Difference = ClusteredMean.Of(differences, confidence),
            MedianDifference = n == 0 ? null : Quantile.OfSorted(sorted, 0.5),
        };
        if (n < 2)
        {
            return described;
        }

        var mean = differences.Total / n;
        var deviation = Math.Sqrt(sorted.Sum(d => (d - mean) * (d - mean)) / (n - 1));
        if (deviation == 0)
        {
            return described with
            {
                Status = LengthControlStatus.NoLengthVariation,
                Unsupported = "no_length_variation",
                Rate = described.RawRate,
            };
        }

        var withOrder = observations.All(o => o.Model2First is not null) && observations.DistinctBy(o => o.Model2First).Count() == 2;
        var design = Design(observations, deviation, withOrder);
        described = described with { MeanTanh = design.Features.Where((_, i) => i % design.Size == 1).Sum() / n };
        if (observations.All(o => o.Score2 == observations[0].Score2) || Newton(design) is not { } fit)
        {
            return described with { Status = LengthControlStatus.Separation, Unsupported = "separation" };
        }

        var covariance = Covariance(design, fit, observations);
        var errors = Enumerable.Range(0, design.Size).Select(i => Math.Sqrt(Math.Max(0, covariance[i * (design.Size + 1)]))).ToArray();
        var rate = Sigmoid(fit.Coefficients[0]);
        var margin = NormalTail.TwoSidedQuantile(confidence) * errors[0];
        var result = described with
        {
            Status = LengthControlStatus.Fitted,
            Rate = rate,
            StandardError = rate * (1 - rate) * errors[0],
            Interval = new Interval(Sigmoid(fit.Coefficients[0] - margin), Sigmoid(fit.Coefficients[0] + margin)),
            Theta = fit.Coefficients[0],
            ThetaError = errors[0],
            Phi = fit.Coefficients[1],
            PhiError = errors[1],
            Rho = withOrder ? fit.Coefficients[2] : null,
            RhoError = withOrder ? errors[2] : null,
        };
        return result with { Unsupported = WhyUnsupported(result, Math.Sqrt(scores.VarianceOfMean(scores.Total / n))) };
    }

    /// <summary>The conditions under which the simple fit was near AlpacaEval's published rates.</summary>
    private static string? WhyUnsupported(LengthControlResult result, double rawError) => result switch
    {
        { N: < LengthControlResult.FewestShown } => "too_few_pairs",
        { MeanTanh: > 0.35 or < -0.35 } => "lengths_too_different",
        { ShareLonger2: < 0.2 or > 0.8 } => "one_side_longer",
        _ when result.StandardError > 1.5 * rawError => "error_too_large",
        _ => null,
    };

    private static (double[] Features, double[] Scores, int Size) Design(
        IReadOnlyList<LengthObservation> observations, double deviation, bool withOrder)
    {
        var size = withOrder ? 3 : 2;
        double[] features = new double[observations.Count * size], scores = new double[observations.Count];
        for (var i = 0; i < observations.Count; i++)
        {
            var o = observations[i];
            features[i * size] = 1;
            features[(i * size) + 1] = Math.Tanh((o.Length2 - o.Length1) / deviation);
            if (withOrder)
            {
                features[(i * size) + 2] = o.Model2First!.Value ? 0.5 : -0.5;
            }

            scores[i] = o.Score2;
        }

        return (features, scores, size);
    }

    private static (double[] Coefficients, double[] Factor)? Newton((double[] Features, double[] Scores, int Size) design)
    {
        var size = design.Size;
        var coefficients = new double[size];
        double[] information = new double[size * size], step = new double[size];
        var likelihood = double.NegativeInfinity;
        for (var iteration = 0; iteration < 100; iteration++)
        {
            Array.Clear(information);
            Array.Clear(step);
            double now = 0;
            for (var i = 0; i < design.Scores.Length; i++)
            {
                var row = design.Features.AsSpan(i * size, size);
                var logit = Dot(coefficients, row);
                var p = Sigmoid(logit);
                now += (design.Scores[i] * logit) - (Math.Max(0, logit) + Math.Log(1 + Math.Exp(-Math.Abs(logit))));
                for (var a = 0; a < size; a++)
                {
                    step[a] += (design.Scores[i] - p) * row[a];
                    for (var b = 0; b <= a; b++)
                    {
                        information[(a * size) + b] += p * (1 - p) * row[a] * row[b];
                    }
                }
            }

            // From 0, Newton's steps on a logistic likelihood go wrong only on the way to infinity.
            if (now < likelihood - (1e-6 * design.Scores.Length) || !SmallCholesky.Factor(information, size))
            {
                return null;
            }

            likelihood = now;
            SmallCholesky.Solve(information, size, step);
            var largest = 0.0;
            for (var a = 0; a < size; a++)
            {
                coefficients[a] += step[a];
                largest = Math.Max(largest, Math.Abs(step[a]));
                if (!(Math.Abs(coefficients[a]) <= Bound))
                {
                    return null;
                }
            }

            if (largest < 1e-10)
            {
                return (coefficients, information);
            }
        }

        return null;
    }

    private static double[] Covariance(
        (double[] Features, double[] Scores, int Size) design,
        (double[] Coefficients, double[] Factor) fit,
        IReadOnlyList<LengthObservation> observations)
    {
        var size = design.Size;
        var clusters = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (var i = 0; i < observations.Count; i++)
        {
            var row = design.Features.AsSpan(i * size, size);
            var residual = design.Scores[i] - Sigmoid(Dot(fit.Coefficients, row));
            var key = Cluster(observations[i], i);
            if (!clusters.TryGetValue(key, out var score))
            {
                clusters.Add(key, score = new double[size]);
            }

            for (var a = 0; a < size; a++)
            {
                score[a] += residual * row[a];
            }
        }

        var correction = clusters.Count / (clusters.Count - 1.0);
        var middle = new double[size * size];
        foreach (var score in clusters.Values)
        {
            for (var i = 0; i < size * size; i++)
            {
                middle[i] += correction * score[i / size] * score[i % size];
            }
        }

        return SmallCholesky.Sandwich(SmallCholesky.Inverse(fit.Factor, size), middle, size);
    }

    private static string Cluster(LengthObservation observation, int index) =>
        observation.Conversation ?? "\0" + index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
}
