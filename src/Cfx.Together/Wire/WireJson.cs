using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cfx.Together.Wire;

/// <summary>The wire's JSON: snake_case, absent for null, numbers also as text; an odd optional value counts as not told.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TextConverter), typeof(NumberConverter), typeof(FlagConverter)])]
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatUsage))]
[JsonSerializable(typeof(FileObject))]
[JsonSerializable(typeof(FineTuneRequest))]
[JsonSerializable(typeof(FineTuneJob))]
[JsonSerializable(typeof(FineTuneProgress))]
[JsonSerializable(typeof(FineTuneEvent))]
[JsonSerializable(typeof(FineTuneMetrics))]
[JsonSerializable(typeof(FineTuneCheckpoint))]
[JsonSerializable(typeof(PriceEstimateRequest))]
[JsonSerializable(typeof(PriceEstimate))]
[JsonSerializable(typeof(ModelLimits))]
[JsonSerializable(typeof(SupportedModels))]
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchJob))]
[JsonSerializable(typeof(BatchInputLine))]
[JsonSerializable(typeof(BatchOutputLine))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireJson : JsonSerializerContext;
