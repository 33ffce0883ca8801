using System.Text.Json.Serialization;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Jobs;

namespace Cfx.Sandbox.State;

/// <summary>The JSON of the state folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(FileRecord))]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class StateJson : JsonSerializerContext;
