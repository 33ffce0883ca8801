namespace Cfx.Together.Serving;

/// <summary>One model's lease as it is kept on disk: written before anything is bought, and at each step.</summary>
public sealed record ServingRecord
{
    /// <summary>Our name for it at the provider, which finds it again; also the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The server's identity.</summary>
    public required string Server { get; init; }

    public required string Study { get; init; }

    /// <summary>The model's own name.</summary>
    public required string Model { get; init; }

    public required ServingWay Way { get; init; }

    public required ServingState State { get; init; }

    /// <summary>When this lease was begun; with the name, its key in the budget.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The endpoint's id; null until it is known to exist.</summary>
    public string? EndpointId { get; init; }

    /// <summary>The deployment's id, of a v2 endpoint.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>What calls give as the model; null until it is known.</summary>
    public string? ServedName { get; init; }

    public string? Hardware { get; init; }

    /// <summary>In US dollars; null when not known.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>Minutes for which money is set aside, from <see cref="CreatedAt"/>.</summary>
    public double ReservedMinutes { get; init; }

    /// <summary>When it was stopped; null while it runs, or when it stopped by itself at an unknown time.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Whether the budget was told what this lease came to.</summary>
    public bool Settled { get; init; }

    /// <summary>What earlier leases of this name cost, in US dollars, as far as known.</summary>
    public decimal EarlierCost { get; init; }

    /// <summary>The key of this lease in the budget.</summary>
    internal string BudgetKey => FormattableString.Invariant($"serving:{Name}@{CreatedAt.UtcDateTime:yyyyMMddHHmmss}");

    /// <summary>Whether it may cost money now.</summary>
    internal bool MayRun => State is not ServingState.Stopped;

    /// <summary>What this lease has cost at a time, in US dollars; null when the price is not known.</summary>
    internal decimal? CostAt(DateTimeOffset now) => CostOf(Minutes(StoppedAt ?? now));

    /// <summary>What it and earlier leases cost, in US dollars, as far as known, when it runs no more.</summary>
    internal decimal TotalCost => EarlierCost + (State is ServingState.Intended ? 0 : CostOf(StoppedAt is { } at ? Minutes(at) : ReservedMinutes) ?? 0);

    internal double Minutes(DateTimeOffset until) => Math.Max(0, (until - CreatedAt).TotalMinutes);

    internal decimal? CostOf(double minutes) => PricePerHour * (decimal)minutes / 60m;
}
