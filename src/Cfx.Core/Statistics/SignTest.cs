namespace Cfx.Core.Statistics;

/// <summary>The exact two-sided sign test: are wins and losses equally likely? Ties play no part.</summary>
public static class SignTest
{
    private static readonly double LnSqrtTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>p = min(1, 2 P(X ≤ min(wins, losses))) with X ~ Binomial(wins + losses, 1/2), to about 14 digits for any counts.</summary>
    /// <param name="wins">At least 0.</param>
    /// <param name="losses">At least 0.</param>
    public static SignTestResult TwoSided(long wins, long losses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wins);
        ArgumentOutOfRangeException.ThrowIfNegative(losses);
        if (wins == losses)
        {
            return new SignTestResult(1, 0);
        }

        var n = wins + losses;
        var k = Math.Min(wins, losses);
        var lnP = Math.Min(0, Math.Log(2) + LnPmf(k, n) + Math.Log(TailOverPmf(k, n)));
        return new SignTestResult(Math.Exp(lnP), lnP / Math.Log(10));
    }

    /// <summary>P(X ≤ k) / P(X = k): each step down multiplies by a ratio below 1, so the small tail is summed directly and nothing cancels.</summary>
    private static double TailOverPmf(long k, long n)
    {
        double sum = 1, term = 1;
        for (var i = 0L; i < k; i++)
        {
            term *= (double)(k - i) / (n - k + 1 + i);
            sum += term;
            if (term < 1e-17 * sum)
            {
                break;
            }
        }

        return sum;
    }

    /// <summary>ln P(X = k) by Loader's saddle-point form, whose parts are all small: no factorial, no overflow, no cancellation.</summary>
    private static double LnPmf(long k, long n)
    {
        if (k == 0)
        {
            return -n * Math.Log(2);
        }

        var half = n / 2.0;
        return StirlingError(n) - StirlingError(k) - StirlingError(n - k)
            - Deviance(k, half) - Deviance(n - k, half)
            + (0.5 * Math.Log(n / (2 * Math.PI * k * (n - k))));
    }

    /// <summary>ln n! minus Stirling's approximation of it.</summary>
    private static double StirlingError(long n)
    {
        if (n <= 15)
        {
            var factorial = 1.0;
            for (var i = 2; i <= n; i++)
            {
                factorial *= i;
            }

            return Math.Log(factorial) - ((n + 0.5) * Math.Log(n)) + n - LnSqrtTwoPi;
        }

        double x = n;
        var r = 1 / (x * x);
        return (1.0 / 12 - (r * (1.0 / 360 - (r * (1.0 / 1260 - (r * (1.0 / 1680 - (r * (1.0 / 1188))))))))) / x;
    }

    /// <summary>x ln(x/m) + m - x; by its series where x is near m and the closed form would cancel.</summary>
    private static double Deviance(double x, double m)
    {
        if (Math.Abs(x - m) >= 0.1 * (x + m))
        {
            return (x * Math.Log(x / m)) + m - x;
        }

        var v = (x - m) / (x + m);
        var sum = (x - m) * v;
        var power = 2 * x * v;
        for (var j = 1; ; j++)
        {
            power *= v * v;
            var next = sum + (power / ((2 * j) + 1));
            if (next == sum)
            {
                return sum;
            }

            sum = next;
        }
    }
}
