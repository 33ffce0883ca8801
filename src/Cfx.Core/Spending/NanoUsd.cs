namespace Cfx.Core.Spending;

/// <summary>Money as billionths of a US dollar: sums of many small amounts stay exact.</summary>
public static class NanoUsd
{
    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>Rounded up, so that what is set aside is never too little.</summary>
    /// <param name="usd">0 or more, below 9 billion.</param>
    public static long Ceiling(decimal usd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        return checked((long)decimal.Ceiling(usd * PerUsd));
    }

    /// <summary>Rounded down, so that a limit is never too high.</summary>
    /// <param name="usd">0 or more, below 9 billion.</param>
    public static long Floor(decimal usd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        return checked((long)decimal.Floor(usd * PerUsd));
    }

    public static decimal ToUsd(long nano) => nano / PerUsd;
}
