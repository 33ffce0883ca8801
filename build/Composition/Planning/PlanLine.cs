namespace Cfx.Build.Composition.Planning;

/// <summary>What one target will buy.</summary>
/// <param name="Target">The target.</param>
/// <param name="What">The model that is asked, or what is bought.</param>
/// <param name="Calls">Calls that it makes; 0 for what is no chat call.</param>
/// <param name="Method">How all this is known, for people.</param>
internal sealed record PlanLine(string Target, string What, long Calls, string Method)
{
    /// <summary>The model that prices are known by; null for what is no chat call.</summary>
    public string? Model { get; init; }

    /// <summary>Calls whose answers are in the store, so that they cost nothing; null when that cannot be known yet.</summary>
    public long? Stored { get; init; }

    /// <summary>Tokens read by the calls that are still to be made, or trained on.</summary>
    public PlanRange TokensIn { get; init; } = PlanRange.Zero;

    /// <summary>Tokens written by them.</summary>
    public PlanRange TokensOut { get; init; } = PlanRange.Zero;

    /// <summary>The price in US dollars when calls are answered at once; null when not known.</summary>
    public PlanRange? Usd { get; init; } = PlanRange.Zero;

    /// <summary>The price when calls are sent as batches; null when not known.</summary>
    public PlanRange? BatchUsd { get; init; } = PlanRange.Zero;

    /// <summary>The expected time, when calls are answered at once; null when not known.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Calls that are still to be made.</summary>
    public long NewCalls => Calls - (Stored ?? 0);

    /// <summary>Where the price is from; null where there is none.</summary>
    public string? PriceSource { get; init; }
}
