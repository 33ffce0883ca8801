namespace Cfx.Core.Statistics;

/// <summary>Cohen's kappa (1960, weighted 1968) of two judges, with the large-sample error of Fleiss, Cohen and Everitt (1969) that does
/// not assume kappa 0.</summary>
public static class CohenKappa
{
    /// <param name="matrix">Square; the first judge's category is the row, the second's the column; counts of at least 0.</param>
    /// <param name="weights">Linear needs the categories in their order.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="conversations">The same items in one matrix a conversation, where these gave several items: then the error is summed by
    /// conversation; null for independent items.</param>
    public static KappaResult Of(
        long[,] matrix, KappaWeights weights = KappaWeights.None, double confidence = 0.95, IReadOnlyList<long[,]>? conversations = null)
    {
        var k = matrix.GetLength(0);
        if (matrix.GetLength(1) != k || k < 2)
        {
            throw new ArgumentException("The matrix must be square, with two categories or more.", nameof(matrix));
        }

        long n = 0;
        double[] rows = new double[k], columns = new double[k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                n += matrix[i, j];
                rows[i] += matrix[i, j];
                columns[j] += matrix[i, j];
            }
        }

        if (n == 0)
        {
            return new KappaResult(0, null, null, null, null, null);
        }

        for (var i = 0; i < k; i++)
        {
            rows[i] /= n;
            columns[i] /= n;
        }

        double Weight(int i, int j) => weights == KappaWeights.None ? i == j ? 1 : 0 : 1 - (Math.Abs(i - j) / (k - 1.0));

        double observed = 0, expected = 0;
        double[] rowMeans = new double[k], columnMeans = new double[k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                observed += Weight(i, j) * matrix[i, j] / n;
                expected += Weight(i, j) * rows[i] * columns[j];
                rowMeans[i] += Weight(i, j) * columns[j];
                columnMeans[j] += Weight(i, j) * rows[i];
            }
        }

        if (1 - expected < 1e-12)
        {
            return new KappaResult(n, observed, expected, null, null, null);
        }

        double Part(int i, int j) => (Weight(i, j) * (1 - expected)) - ((rowMeans[i] + columnMeans[j]) * (1 - observed));

        var mean = (observed * expected) - (2 * expected) + observed;
        var kappa = (observed - expected) / (1 - expected);
        var scale = Math.Pow(1 - expected, 4);
        if (conversations is not null)
        {
            // Kappa's influence summed by conversation (Liang and Zeger 1986), as for a mean; with single items the variance below, but for G/(G-1).
            double g = conversations.Count, between = 0;
            foreach (var own in conversations)
            {
                var sum = Sum(own, (i, j) => Part(i, j) - mean);
                between += sum * sum;
            }

            return g < 2
                ? new KappaResult(n, observed, expected, kappa, null, null)
                : KappaResult.Of(n, observed, expected, kappa, g / (g - 1) * between / n / n / scale, confidence, conversations.Count);
        }

        var squares = Sum(matrix, (i, j) => Part(i, j) * Part(i, j)) / n;
        return KappaResult.Of(n, observed, expected, kappa, (squares - (mean * mean)) / n / scale, confidence);
    }

    private static double Sum(long[,] counts, Func<int, int, double> value)
    {
        double sum = 0;
        for (var i = 0; i < counts.GetLength(0); i++)
        {
            for (var j = 0; j < counts.GetLength(1); j++)
            {
                sum += counts[i, j] * value(i, j);
            }
        }

        return sum;
    }
}
