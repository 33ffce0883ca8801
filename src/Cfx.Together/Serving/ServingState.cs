using System.Text.Json.Serialization;

namespace Cfx.Together.Serving;

/// <summary>What is known of a lease.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServingState>))]
public enum ServingState
{
    /// <summary>It was about to be made; whether it was is not known.</summary>
    [JsonStringEnumMemberName("intended")]
    Intended,

    /// <summary>It is there and on its way up.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>It answers.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It is to be stopped; whether it was is not known.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>It costs nothing any more.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
