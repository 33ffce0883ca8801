namespace Cfx.Sandbox.Models;

/// <summary>Probabilities from scores.</summary>
internal static class Softmax
{
    /// <summary>Turns scores into probabilities in place and returns the logarithm of their normaliser.</summary>
    public static double Normalize(Span<double> scores)
    {
        var best = double.NegativeInfinity;
        foreach (var score in scores)
        {
            best = Math.Max(best, score);
        }

        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = Math.Exp(scores[i] - best);
            sum += scores[i];
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] /= sum;
        }

        return best + Math.Log(sum);
    }

    /// <summary>
    /// Draws an index with probability proportional to exp(score/temperature), from the smallest set of best that together have
    /// <paramref name="topP"/> of it.
    /// </summary>
    /// <param name="scores">Negative infinity for what may not be drawn; at least one is finite.</param>
    /// <param name="temperature">0 takes the best; the first of equals.</param>
    /// <param name="topP">Above 0, to 1.</param>
    /// <param name="random">Used for one number.</param>
    public static int Sample(ReadOnlySpan<double> scores, double temperature, double topP, SplitMix64 random)
    {
        var order = new int[scores.Length];
        var keys = new double[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var copy = scores.ToArray();
        Array.Sort(order, (left, right) => copy[left] == copy[right] ? left.CompareTo(right) : copy[right].CompareTo(copy[left]));
        var draw = random.NextDouble();
        if (temperature < 1e-4)
        {
            return order[0];
        }

        var best = copy[order[0]];
        var total = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            keys[i] = Math.Exp((copy[order[i]] - best) / temperature);
            total += keys[i];
        }

        var kept = 0.0;
        var count = 0;
        while (count < order.Length && kept < topP * total)
        {
            kept += keys[count++];
        }

        var left = draw * kept;
        for (var i = 0; i < count; i++)
        {
            left -= keys[i];
            if (left < 0)
            {
                return order[i];
            }
        }

        return order[0];
    }
}
