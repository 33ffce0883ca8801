namespace Cfx.Core.Statistics;

/// <summary>One judged pair for the length-controlled rate.</summary>
/// <param name="Length1">Of model1's answer in code points, at least 0.</param>
/// <param name="Length2">Of model2's answer in code points, at least 0.</param>
/// <param name="Score2">Model2's score, 0 to 1.</param>
/// <param name="Conversation">Pairs of one conversation are not independent; null for a unit of its own.</param>
/// <param name="Model2First">For logs with one order a pair: was model2 in slot A? Null where both orders were judged.</param>
public sealed record LengthObservation(long Length1, long Length2, double Score2, string? Conversation = null, bool? Model2First = null)
{
    /// <summary>A text's length in code points, which does not depend on how it is encoded.</summary>
    public static long LengthOf(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            // Most texts have no character beyond the basic plane, and this is searched many at a time.
            return text.Length;
        }

        long length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }
}
