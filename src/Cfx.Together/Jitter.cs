namespace Cfx.Together;

/// <summary>Seeded numbers in [0, 1) for the jitter of waits (the SplitMix64 sequence); safe to call from many threads.</summary>
internal sealed class Jitter(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    public double Next()
    {
        var z = Interlocked.Add(ref _state, Step);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53));
    }
}
