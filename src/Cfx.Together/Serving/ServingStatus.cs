using System.Globalization;

namespace Cfx.Together.Serving;

/// <summary>One served model, for people.</summary>
/// <param name="Name">Its name at the provider.</param>
/// <param name="IsOurs">Whether this project started it.</param>
/// <param name="Model">What it serves.</param>
/// <param name="State">The provider's word, or ours where the provider has none.</param>
public sealed record ServingStatus(string Name, bool IsOurs, string Model, string State)
{
    /// <summary>Whether it may cost money now.</summary>
    public bool MayRun { get; init; }

    /// <summary>Since when; null when not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>In US dollars; null when not known.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>What this and earlier leases of the name cost so far, in US dollars; null when not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>A price in words.</summary>
    public static string Price(decimal? usdPerHour) =>
        usdPerHour is { } usd ? string.Create(CultureInfo.InvariantCulture, $"{usd:0.##} USD an hour") : "a price that is not known";

    /// <summary>An amount in words.</summary>
    public static string Money(decimal? usd) => usd is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.00} USD") : "cost not known";
}
