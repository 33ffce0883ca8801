using System.Collections.Concurrent;

namespace Cfx.Sandbox.Http;

/// <summary>Decides which requests go wrong and how long each waits: by script first, then by rate.</summary>
internal sealed class FaultInjector(SandboxOptions options)
{
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <param name="index">The request's number since the start, 0 for the first.</param>
    /// <param name="method">Its HTTP method.</param>
    /// <param name="template">Its route; null for a path that does not exist.</param>
    public FaultKind? Choose(long index, string method, string? template)
    {
        if (template is not null && options.FaultScript.Count > 0)
        {
            var occurrence = _seen.AddOrUpdate($"{method} {template}", 1, (_, count) => count + 1);
            var rule = options.FaultScript.FirstOrDefault(rule =>
                string.Equals(rule.Method, method, StringComparison.Ordinal)
                && string.Equals(rule.Route, template, StringComparison.Ordinal)
                && rule.Hits(occurrence));
            if (rule is not null)
            {
                return rule.Kind;
            }
        }

        return options.FaultRate > 0 && Draw(index, 0) < options.FaultRate
            ? options.FaultKinds[(int)(Draw(index, 1) * options.FaultKinds.Count)]
            : null;
    }

    public TimeSpan Delay(long index) => options.Latency + (options.LatencyJitter * Draw(index, 2));

    /// <summary>A number from 0 up to but not including 1 that depends on nothing but its arguments and the seed.</summary>
    private double Draw(long index, int purpose)
    {
        // The finaliser of SplitMix64, which turns neighbouring inputs into unrelated outputs.
        var x = ((ulong)(uint)options.Seed << 32) ^ ((ulong)index * 4) ^ (ulong)purpose;
        x = (x + 0x9E3779B97F4A7C15UL) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return ((x ^ (x >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
