namespace Cfx.Core.Statistics;

/// <summary>The estimate for old logs in which each conversation was judged in one random order: the two orders are taken apart and weigh
/// the same, which cancels the pull of the slot.</summary>
/// <remarks>h = (h_normal + h_reversed)/2 and bias = (h_normal - h_reversed)/2, both with half of √(SE_normal² + SE_reversed²). What a single
/// pair owes to its order cannot be told: that needs both orders of the same pair.</remarks>
public static class OrderStratified
{
    /// <param name="normal">Model1's rate among pairs with model1 in slot A.</param>
    /// <param name="reversed">Model1's rate among pairs with model2 in slot A.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static OrderStratifiedResult From(HalfCreditResult normal, HalfCreditResult reversed, double confidence)
    {
        var n = normal.N + reversed.N;
        double? pooled = n == 0 ? null : (((normal.H ?? 0) * normal.N) + ((reversed.H ?? 0) * reversed.N)) / n;
        if (normal.H is not { } h1 || reversed.H is not { } h2)
        {
            return new OrderStratifiedResult(n, null, null, Interval.Unknown, null, null, null, null, pooled);
        }

        double h = (h1 + h2) / 2, bias = (h1 - h2) / 2;
        if (normal.StandardError is not { } e1 || reversed.StandardError is not { } e2)
        {
            return new OrderStratifiedResult(n, h, null, Interval.Unknown, null, bias, null, null, pooled);
        }

        var error = Math.Sqrt((e1 * e1) + (e2 * e2)) / 2;
        if (error == 0)
        {
            // No variation in either order: the pooled count's Wilson interval, as for a rate without variation.
            return new OrderStratifiedResult(n, h, 0, Wilson.For(Math.Min(h * n, n), n, confidence), null, bias, null, null, pooled);
        }

        var margin = NormalTail.TwoSidedQuantile(confidence) * error;
        return new OrderStratifiedResult(
            n,
            h,
            error,
            new Interval(Math.Max(0, h - margin), Math.Min(1, h + margin)),
            NormalTail.TwoSidedP((h - 0.5) / error),
            bias,
            new Interval(bias - margin, bias + margin),
            NormalTail.TwoSidedP(bias / error),
            pooled);
    }
}
