using System.Text.Json.Serialization;

namespace Cfx.Together.Wire;

/// <summary>A chat model's reply, as received.</summary>
public sealed record ChatCompletion
{
    public string? Id { get; init; }

    public double? Created { get; init; }

    public string? Model { get; init; }

    public IReadOnlyList<ChatChoice>? Choices { get; init; }

    [JsonConverter(typeof(UsageConverter))]
    public ChatUsage? Usage { get; init; }
}
