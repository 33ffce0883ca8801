namespace Cfx.Sandbox.Models;

/// <summary>A correction of the similarity of limited rank: context·In·Outᵀ·response, times alpha over rank.</summary>
/// <param name="Rank">Columns of both factors.</param>
/// <param name="Scale">Alpha over rank.</param>
/// <param name="In">Context factor, row by row, <see cref="Projection.Width"/> × rank.</param>
/// <param name="Out">Response factor of the same shape; all zero before training.</param>
internal sealed record LowRankAdapter(int Rank, float Scale, float[] In, float[] Out)
{
    /// <summary>A new adapter that changes nothing yet.</summary>
    public static LowRankAdapter Create(int rank, double alpha, SplitMix64 random)
    {
        var factor = new float[Projection.Width * rank];
        for (var i = 0; i < factor.Length; i++)
        {
            factor[i] = (float)(random.NextNormal() / Math.Sqrt(rank));
        }

        return new LowRankAdapter(rank, (float)(alpha / rank), factor, new float[factor.Length]);
    }

    /// <summary>A copy that can be trained apart.</summary>
    public LowRankAdapter Copy() => this with { In = [.. In], Out = [.. Out] };

    /// <summary>vector·factor.</summary>
    public float[] Reduce(float[] vector, float[] factor)
    {
        var reduced = new float[Rank];
        for (var row = 0; row < Projection.Width; row++)
        {
            for (var column = 0; column < Rank; column++)
            {
                reduced[column] += vector[row] * factor[(row * Rank) + column];
            }
        }

        return reduced;
    }

    /// <summary>Adds <see cref="Scale"/>·context·In·Outᵀ into <paramref name="target"/>.</summary>
    public void AddCorrection(float[] context, float[] target)
    {
        var reduced = Reduce(context, In);
        for (var row = 0; row < Projection.Width; row++)
        {
            var sum = 0f;
            for (var column = 0; column < Rank; column++)
            {
                sum += reduced[column] * Out[(row * Rank) + column];
            }

            target[row] += Scale * sum;
        }
    }
}
