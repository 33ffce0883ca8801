using Cfx.Core.Generation;

namespace Cfx.Together.Store;

/// <summary>An answered call as the store keeps it.</summary>
public sealed record StoredAnswer
{
    /// <summary>What <see cref="ResponseKey.Of"/> says of server, model identity and request.</summary>
    public required string Key { get; init; }

    /// <summary>Who answered.</summary>
    public required string Server { get; init; }

    /// <summary>Tells models that had the same name one after another apart; null for a model that stands for itself.</summary>
    public string? ModelIdentity { get; init; }

    /// <summary>The stage that asked first, such as process.</summary>
    public required string Stage { get; init; }

    /// <summary>The study that asked first.</summary>
    public required string Study { get; init; }

    /// <summary>The model's name as requested.</summary>
    public required string Model { get; init; }

    /// <summary>The canonical request.</summary>
    public required string Request { get; init; }

    /// <summary>What came, usable or not.</summary>
    public required ChatReply Reply { get; init; }

    /// <summary>What the call cost in US dollars, to the billionth; null when not known, which is not the same as 0.</summary>
    public decimal? PriceUsd { get; init; }

    /// <summary>When the call was handed to the provider's client; waiting for its turn is included.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When the answer was there.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }
}
