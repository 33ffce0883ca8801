namespace Cfx.Core.Statistics;

/// <summary>Cholesky's decomposition in place, for the few parameters of the fits here: these are solved some thousand times in a bootstrap,
/// where a general library would make garbage at each.</summary>
internal static class SmallCholesky
{
    /// <summary>Overwrites the lower triangle of a symmetric matrix, row by row, with its factor.</summary>
    /// <returns>False when the matrix is not positive definite to rounding.</returns>
    public static bool Factor(Span<double> matrix, int size)
    {
        for (var j = 0; j < size; j++)
        {
            var original = matrix[(j * size) + j];
            var diagonal = original;
            for (var k = 0; k < j; k++)
            {
                diagonal -= matrix[(j * size) + k] * matrix[(j * size) + k];
            }

            if (!(diagonal > 1e-14 * original))
            {
                return false;
            }

            diagonal = Math.Sqrt(diagonal);
            matrix[(j * size) + j] = diagonal;
            for (var i = j + 1; i < size; i++)
            {
                var sum = matrix[(i * size) + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= matrix[(i * size) + k] * matrix[(j * size) + k];
                }

                matrix[(i * size) + j] = sum / diagonal;
            }
        }

        return true;
    }

    /// <summary>Solves in place for one right-hand side.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int size, Span<double> vector)
    {
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                vector[i] -= factor[(i * size) + k] * vector[k];
            }

            vector[i] /= factor[(i * size) + i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                vector[i] -= factor[(k * size) + i] * vector[k];
            }

            vector[i] /= factor[(i * size) + i];
        }
    }

    /// <summary>The factored matrix's inverse, row by row.</summary>
    public static double[] Inverse(ReadOnlySpan<double> factor, int size)
    {
        var inverse = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            // The inverse is symmetric, so its columns may be written as rows.
            var row = inverse.AsSpan(i * size, size);
            row[i] = 1;
            Solve(factor, size, row);
        }

        return inverse;
    }

    /// <summary>Inverse · middle · inverse: the sandwich of a robust error.</summary>
    public static double[] Sandwich(double[] inverse, ReadOnlySpan<double> middle, int size)
    {
        double[] left = new double[size * size], result = new double[size * size];
        Multiply(inverse, middle, left, size);
        Multiply(left, inverse, result, size);
        return result;
    }

    private static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int size)
    {
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                for (var k = 0; k < size; k++)
                {
                    result[(i * size) + j] += a[(i * size) + k] * b[(k * size) + j];
                }
            }
        }
    }
}
