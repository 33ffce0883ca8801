using System.Text.Json.Serialization;

namespace Cfx.Together.Batch;

/// <summary>The JSON of batch records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(BatchRecord))]
internal sealed partial class BatchJson : JsonSerializerContext;
