namespace Cfx.Together.Serving;

/// <summary>How models are served, and for how long.</summary>
/// <param name="Server">The server's identity, as in the response store.</param>
/// <param name="Study">The study's name.</param>
public sealed record ServingOptions(string Server, string Study)
{
    /// <summary>The way; null for the first that the account has: by name, v2, v1.</summary>
    public ServingWay? Way { get; init; }

    /// <summary>The longest to wait until a model answers; money is set aside in steps of this length.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whole minutes without a call after which the provider stops a model by itself, at least 1.</summary>
    public int IdleMinutes { get; init; } = 15;

    /// <summary>The minutes that a way makes of <see cref="IdleMinutes"/>: v2 takes 30 to 1,440.</summary>
    public int IdleMinutesOf(ServingWay way) => way is ServingWay.Deployment ? Math.Clamp(IdleMinutes, 30, 1440) : IdleMinutes;

    /// <summary>The hardware to take; null for the cheapest that is to be had.</summary>
    public string? Hardware { get; init; }

    /// <summary>The longest that one model is served; null for as long as the budget reaches.</summary>
    public TimeSpan? Longest { get; init; }

    /// <summary>Time from the first look at a model on its way up to the second; doubled each time, since what only had to be woken is up soon.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two looks at a model on its way up.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long something just made may take to appear in lists.</summary>
    public TimeSpan LostReplyWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that stopping may hold up the end of a run.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The price of serving a model, by its own name, in US dollars per hour, once the provider's price of the hardware is known, or null where it
    /// tells none; null when not known.</summary>
    public Func<string, decimal?, decimal?> PricePerHour { get; init; } = static (_, told) => told;

    /// <summary>Whether the price by the token of a model that is asked by name is known.</summary>
    public Func<string, bool> HasTokenPrice { get; init; } = static _ => true;

    /// <summary>Whether something may be bought whose price is not known.</summary>
    public bool AllowsUnknownPrices { get; init; }

    /// <summary>Models that meet outside the study's own comparisons, in a run that asks no others. How they can be asked says nothing of the study's, and must
    /// not have the study's answers asked again in another way; none in a run of the study.</summary>
    public IReadOnlyList<string> Compared { get; init; } = [];

    /// <summary>Under which the way is kept that was found for those that meet.</summary>
    public string DecisionKey => ServingNames.OfStudy(Study, Server, Compared);

    /// <summary>The models that meet in the study, own names; all are served in the same way.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>> Contestants { get; init; } =
        static _ => Task.FromResult<IReadOnlyList<string>>([]);
}
