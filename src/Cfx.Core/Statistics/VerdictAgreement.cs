namespace Cfx.Core.Statistics;

/// <summary>Agreement of two sources of verdicts. Without labels there is nothing to compute, and a report says so.</summary>
public static class VerdictAgreement
{
    /// <param name="verdicts">Each item's verdicts, 0 to 2 for model1, tie, model2; errors are clustered where a conversation gave several.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static VerdictAgreementResult From(ConversationItems<(int One, int Other)> verdicts, double confidence) =>
        From(Count(verdicts.All), confidence, verdicts.IsClustered ? [.. verdicts.Grouped().Select(Count)] : null);

    /// <param name="matrix">3 by 3, rows one source, columns the other, each model1, tie, model2.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="conversations">The same items in one matrix a conversation, where these gave several items; null for independent items.</param>
    public static VerdictAgreementResult From(long[,] matrix, double confidence, IReadOnlyList<long[,]>? conversations = null)
    {
        if (matrix.GetLength(0) != 3 || matrix.GetLength(1) != 3)
        {
            throw new ArgumentException("Three categories each: model1, tie, model2.", nameof(matrix));
        }

        var kappa = CohenKappa.Of(matrix, KappaWeights.None, confidence, conversations);
        var decided = Decided(matrix);
        Interval Share(Func<long[,], long> have, Func<long[,], long> of) => conversations is null
            ? Wilson.For(have(matrix), of(matrix), confidence)
            : ClusteredShare.Of(ClusterSums.OfShares(conversations, have, of), confidence);
        return new VerdictAgreementResult(
            kappa,
            CohenKappa.Of(matrix, KappaWeights.Linear, confidence, conversations),
            Share(m => m[0, 0] + m[1, 1] + m[2, 2], m => m.Cast<long>().Sum()),
            decided,
            decided == 0 ? null : (double)Agreed(matrix) / decided,
            Share(Agreed, Decided));
    }

    /// <summary>Items by their two verdicts: rows one source, columns the other.</summary>
    /// <param name="verdicts">Each 0 to 2.</param>
    internal static long[,] Count(IEnumerable<(int One, int Other)> verdicts)
    {
        var matrix = new long[3, 3];
        foreach (var (one, other) in verdicts)
        {
            matrix[one, other]++;
        }

        return matrix;
    }

    private static long Agreed(long[,] matrix) => matrix[0, 0] + matrix[2, 2];

    private static long Decided(long[,] matrix) => Agreed(matrix) + matrix[0, 2] + matrix[2, 0];
}
