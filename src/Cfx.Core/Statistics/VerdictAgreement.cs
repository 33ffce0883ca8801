namespace Cfx.Core.Statistics;

/// <summary>Agreement of two sources of verdicts. Without labels there is nothing to compute, and a report says so.</summary>
public static class VerdictAgreement
{
    /// <param name="matrix">3 by 3, rows one source, columns the other, each model1, tie, model2.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static VerdictAgreementResult From(long[,] matrix, double confidence)
    {
        if (matrix.GetLength(0) != 3 || matrix.GetLength(1) != 3)
        {
            throw new ArgumentException("Three categories each: model1, tie, model2.", nameof(matrix));
        }

        var kappa = CohenKappa.Of(matrix, KappaWeights.None, confidence);
        var equal = matrix[0, 0] + matrix[1, 1] + matrix[2, 2];
        var agreed = matrix[0, 0] + matrix[2, 2];
        var decided = agreed + matrix[0, 2] + matrix[2, 0];
        return new VerdictAgreementResult(
            kappa,
            CohenKappa.Of(matrix, KappaWeights.Linear, confidence),
            Wilson.For(equal, kappa.N, confidence),
            decided,
            decided == 0 ? null : (double)agreed / decided,
            Wilson.For(agreed, decided, confidence));
    }
}
