using System.Text.Json.Serialization;

namespace Cfx.Core.Training;

/// <summary>The JSON of this part's files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(PrepareSummary))]
[JsonSerializable(typeof(StandaloneSummary))]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class TrainingJson : JsonSerializerContext;
