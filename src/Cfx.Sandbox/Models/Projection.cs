namespace Cfx.Sandbox.Models;

/// <summary>A fixed random projection of hashed features to a few dense numbers, in which corrections between different words can be learned.</summary>
internal static class Projection
{
    /// <summary>Length of a projected vector.</summary>
    public const int Width = 128;

    private static readonly float Magnitude = (float)(1 / Math.Sqrt(Width));

    /// <summary>Projects; inner products are kept up to noise of about 1/√<see cref="Width"/>.</summary>
    public static float[] Of(SparseVector vector)
    {
        var result = new float[Width];
        for (var i = 0; i < vector.Indices.Length; i++)
        {
            var value = vector.Values[i] * Magnitude;
            for (var part = 0; part < Width / 64; part++)
            {
                var signs = SplitMix64.Combine((ulong)vector.Indices[i] + 1, (ulong)part);
                var target = result.AsSpan(part * 64, 64);
                for (var bit = 0; bit < target.Length; bit++)
                {
                    target[bit] += (signs & 1) == 0 ? value : -value;
                    signs >>= 1;
                }
            }
        }

        return result;
    }
}
