using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cfx.Together.Wire.Serving;

/// <summary>The v1 serving API's JSON: snake_case, absent for null, numbers also as text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TextConverter), typeof(NumberConverter), typeof(WholeNumberConverter)])]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(TunedModelJob))]
[JsonSerializable(typeof(HardwareObject))]
[JsonSerializable(typeof(EndpointRequest))]
[JsonSerializable(typeof(EndpointPatch))]
[JsonSerializable(typeof(EndpointObject))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class EndpointsJson : JsonSerializerContext;
