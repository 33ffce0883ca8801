namespace Cfx.Together;

/// <summary>Why one attempt of a call gave nothing usable. Stays inside this assembly and holds text alone, no request.</summary>
internal sealed class CallFault(string reason, int? statusCode, bool isPassing, TimeSpan? retryAfter = null) : Exception(reason)
{
    /// <summary>The HTTP status; null when there was no reply or it could not be read.</summary>
    public int? StatusCode { get; } = statusCode;

    /// <summary>Whether the same call may well succeed later.</summary>
    public bool IsPassing { get; } = isPassing;

    /// <summary>How long the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether a quota is spent that will not come back while anyone waits.</summary>
    public bool IsQuota { get; init; }

    /// <summary>Whether it is certain that the provider did no work for this attempt: it said no, or was never reached.</summary>
    public bool IsFree { get; init; }
}
