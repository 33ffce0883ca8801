namespace Cfx.Core.Statistics;

/// <summary>An interval for the sum or the difference of two independent estimates from each one's own interval: the "method of variance
/// estimates recovery" (Newcombe 1998, method 10; Zou and Donner 2008). It needs no standard error, so that an estimate in which no variation
/// was seen brings its own interval's width and not 0.</summary>
public static class Mover
{
    /// <param name="a">An estimate.</param>
    /// <param name="ofA">Its interval, which holds it.</param>
    /// <param name="b">Another, independent of the first.</param>
    /// <param name="ofB">Its interval at the same confidence.</param>
    public static Interval Sum(double a, Interval ofA, double b, Interval ofB) => new(
        a + b - Length(a - ofA.Lower, b - ofB.Lower),
        a + b + Length(ofA.Upper - a, ofB.Upper - b));

    /// <summary>The same for a - b.</summary>
    /// <param name="a">An estimate.</param>
    /// <param name="ofA">Its interval, which holds it.</param>
    /// <param name="b">Another, independent of the first.</param>
    /// <param name="ofB">Its interval at the same confidence.</param>
    public static Interval Difference(double a, Interval ofA, double b, Interval ofB) => Sum(a, ofA, -b, new Interval(-ofB.Upper, -ofB.Lower));

    /// <summary>A rate's interval as these formulas may use it: of one or two pairs nothing is known, since two equal ones are common by
    /// chance and Wilson's formula, which then takes the place of the t interval, holds the truth too seldom.</summary>
    /// <param name="rate">Of pairs.</param>
    /// <param name="conversations">Where these gave several pairs: how many there are.</param>
    internal static Interval Of(HalfCreditResult rate, int? conversations = null) => (conversations ?? rate.N) < 3 ? Interval.Unknown : rate.Interval;

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));
}
