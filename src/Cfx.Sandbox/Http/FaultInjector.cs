using System.Collections.Concurrent;

namespace Cfx.Sandbox.Http;

/// <summary>Decides which requests go wrong and how long each waits: by script first, then by rate.</summary>
internal sealed class FaultInjector(SandboxOptions options, TimeProvider time)
{
    private const int UsualSlowness = 1_000;
    private readonly int[] _seen = new int[options.FaultScript.Count];
    private readonly ConcurrentDictionary<string, FaultKind[]> _mixes = new(StringComparer.Ordinal);
    private readonly long _begun = time.GetTimestamp();

    /// <param name="index">The request's number since the start, 0 for the first.</param>
    /// <param name="method">Its HTTP method.</param>
    /// <param name="template">Its route; null for a path that does not exist.</param>
    public Fault? Choose(long index, string method, string? template)
    {
        Fault? chosen = null;
        for (var i = 0; template is not null && i < options.FaultScript.Count; i++)
        {
            // Every rule counts every request that it concerns, also those that an earlier rule has hit.
            var rule = options.FaultScript[i];
            if (rule.Concerns(method, template) && Hits(rule, i, index))
            {
                chosen ??= new Fault(rule.Kind, rule.Amount);
            }
        }

        if (chosen is not null || !(options.FaultRate > 0) || Draw(index, 0) >= options.FaultRate)
        {
            return chosen;
        }

        var mix = _mixes.GetOrAdd(
            $"{method} {template}", _ => [.. options.FaultKinds.Where(kind => FaultMix.Fits(kind, method, template ?? "unknown"))]);
        return mix.Length == 0 ? null : new Fault(mix[(int)(Draw(index, 1) * mix.Length)]);
    }

    public TimeSpan Delay(long index, Fault? fault) =>
        options.Latency + (options.LatencyJitter * Draw(index, 2))
        + (fault is { Kind: FaultKind.Slow } slow ? TimeSpan.FromMilliseconds(slow.Amount ?? UsualSlowness) : TimeSpan.Zero);

    private bool Hits(FaultRule rule, int number, long index)
    {
        if (rule.Rate is { } rate)
        {
            return Draw(index, 3 + number) < rate;
        }

        return rule.From is { } from ? time.GetElapsedTime(_begun) >= from : rule.Hits(Interlocked.Increment(ref _seen[number]));
    }

    /// <summary>A number from 0 up to but not including 1 that depends on nothing but its arguments and the seed.</summary>
    private double Draw(long index, int purpose)
    {
        // The finaliser of SplitMix64, which turns neighbouring inputs into unrelated outputs.
        var x = ((ulong)(uint)options.Seed << 32) ^ ((ulong)index * 4) ^ ((ulong)(purpose & 3)) ^ ((ulong)(purpose >> 2) << 56);
        x = (x + 0x9E3779B97F4A7C15UL) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return ((x ^ (x >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
