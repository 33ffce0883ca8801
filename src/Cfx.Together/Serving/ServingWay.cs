using System.Text.Json.Serialization;

namespace Cfx.Together.Serving;

/// <summary>How models are served.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServingWay>))]
public enum ServingWay
{
    /// <summary>The provider answers to the model's own name; paid by the token.</summary>
    [JsonStringEnumMemberName("name")]
    ByName,

    /// <summary>A deployment of the v2 API; paid by the minute.</summary>
    [JsonStringEnumMemberName("v2")]
    Deployment,

    /// <summary>A dedicated endpoint of the v1 API; paid by the minute.</summary>
    [JsonStringEnumMemberName("v1")]
    Endpoint,
}
