namespace Cfx.Together.Serving;

/// <summary>The way in which all arms of a study are served, decided once.</summary>
public sealed record ServingDecision
{
    public required string Server { get; init; }

    public required string Study { get; init; }

    public required ServingWay Way { get; init; }

    /// <summary>The models for which it was found, by asking each; null where the user named the way, and then it holds for no others.</summary>
    public IReadOnlyList<string>? Contestants { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }
}
