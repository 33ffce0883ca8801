namespace Cfx.Core.Statistics;

/// <summary>A small seeded generator (Steele, Lea and Flood 2014) whose stream is the same on every machine and runtime version, which
/// System.Random does not promise. Not safe for several threads, not for secrets.</summary>
/// <param name="seed">Any value; equal seeds give equal streams.</param>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A uniform index from 0 to <paramref name="count"/> - 1: the high half of the 128-bit product, so one draw an index.</summary>
    /// <param name="count">At least 1.</param>
    public int NextIndex(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)count, out _);
    }

    /// <summary>Uniform from 0 (included) to 1 (excluded), with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));
}
