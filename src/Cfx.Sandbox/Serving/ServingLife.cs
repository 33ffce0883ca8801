using System.Text.Json.Serialization;

namespace Cfx.Sandbox.Serving;

/// <summary>When a model was started and stopped. Its state at any moment follows from these times, also over a restart of the server.</summary>
internal sealed class ServingLife
{
    /// <summary>When it was last asked to start; null for never.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it was asked to stop, or had been idle for too long; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>The last answered call.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Minutes without a call after which it stops by itself; null for never.</summary>
    public double? IdleMinutes { get; set; }

    /// <summary>What one minute of one replica costs, in cents.</summary>
    public decimal CentsPerMinute { get; set; }

    /// <summary>Replicas that run while it is served.</summary>
    public int Replicas { get; set; } = 1;

    [JsonIgnore]
    public bool IsRunning => StartedAt is not null && StoppedAt is null;

    /// <summary>Its state at a moment.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="startTime">How long a start takes.</param>
    public ServingPhase At(DateTimeOffset now, TimeSpan startTime)
    {
        if (StartedAt is not { } started)
        {
            return ServingPhase.Stopped;
        }

        if (StoppedAt is { } stopped)
        {
            return now < stopped + StopTime(startTime) ? ServingPhase.Stopping : ServingPhase.Stopped;
        }

        return now < started + (startTime / 2) ? ServingPhase.Pending : now < started + startTime ? ServingPhase.Starting : ServingPhase.Ready;
    }

    /// <summary>When idleness will have stopped it; null for never.</summary>
    public DateTimeOffset? IdleEnd(TimeSpan startTime)
    {
        if (!IsRunning || IdleMinutes is not { } minutes)
        {
            return null;
        }

        var ready = StartedAt!.Value + startTime;
        return (LastUsedAt > ready ? LastUsedAt.Value : ready) + TimeSpan.FromMinutes(minutes);
    }

    /// <summary>Minutes from readiness to the stop, times replicas: what is billed.</summary>
    public double Minutes(TimeSpan startTime) =>
        StartedAt is { } started && StoppedAt is { } stopped ? Math.Max(0, (stopped - started - startTime).TotalMinutes) * Replicas : 0;

    // Stopping is quicker than starting.
    private static TimeSpan StopTime(TimeSpan startTime) => startTime / 5;
}
