namespace Cfx.Sandbox.Http;

/// <summary>A token bucket.</summary>
internal sealed class RateLimiter(double requestsPerSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    /// <summary>Takes a token if there is one.</summary>
    public RateDecision Take()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_last, now).TotalSeconds * requestsPerSecond));
            _last = now;
            var allowed = _tokens >= 1;
            if (allowed)
            {
                _tokens--;
            }

            return new RateDecision(allowed, (int)_tokens, allowed ? 0 : (1 - _tokens) / requestsPerSecond, (burst - _tokens) / requestsPerSecond);
        }
    }
}
