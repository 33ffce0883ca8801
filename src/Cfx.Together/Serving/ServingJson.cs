using System.Text.Json.Serialization;

namespace Cfx.Together.Serving;

/// <summary>The JSON of leases on disk.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, ServingWay>))]
[JsonSerializable(typeof(ServingRecord))]
[JsonSerializable(typeof(ServingDecision))]
internal sealed partial class ServingJson : JsonSerializerContext;
