namespace Cfx.Together.Serving;

/// <summary>How one model could be served, or why it cannot.</summary>
internal sealed record ServingOffer
{
    /// <summary>Why it cannot be served in this way, as a whole sentence; null when it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether this server has no such API at all.</summary>
    public bool IsApiMissing { get; init; }

    public string? Hardware { get; init; }

    /// <summary>In US dollars; null when not known.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>The model under the v2 API's name for it.</summary>
    public string? ModelReference { get; init; }

    /// <summary>The config under the v2 API's name for it.</summary>
    public string? Config { get; init; }

    public static ServingOffer Refused(string why, bool isApiMissing = false) => new() { Refusal = why, IsApiMissing = isApiMissing };
}
