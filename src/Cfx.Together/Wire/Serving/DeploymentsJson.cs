using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cfx.Together.Wire.Serving;

/// <summary>The v2 API's JSON: camelCase, absent for null, numbers also as text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TextConverter), typeof(NumberConverter), typeof(WholeNumberConverter)])]
[JsonSerializable(typeof(DeployableModel))]
[JsonSerializable(typeof(InstanceType))]
[JsonSerializable(typeof(DeploymentConfig))]
[JsonSerializable(typeof(RoutedEndpointRequest))]
[JsonSerializable(typeof(RoutedEndpoint))]
[JsonSerializable(typeof(TrafficPatch))]
[JsonSerializable(typeof(DeploymentRequest))]
[JsonSerializable(typeof(DeploymentPatch))]
[JsonSerializable(typeof(DeploymentObject))]
[JsonSerializable(typeof(Scaling))]
[JsonSerializable(typeof(DeploymentState))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class DeploymentsJson : JsonSerializerContext;
