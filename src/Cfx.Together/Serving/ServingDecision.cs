namespace Cfx.Together.Serving;

/// <summary>The way in which all arms of a study are served, decided once.</summary>
public sealed record ServingDecision
{
    public required string Server { get; init; }

    public required string Study { get; init; }

    public required ServingWay Way { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }
}
