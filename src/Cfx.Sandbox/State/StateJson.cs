using System.Text.Json.Serialization;
using Cfx.Sandbox.Batches;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Jobs;
using Cfx.Sandbox.Serving;

namespace Cfx.Sandbox.State;

/// <summary>The JSON of the state folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(FileRecord))]
[JsonSerializable(typeof(JobRecord))]
[JsonSerializable(typeof(BatchRecord))]
[JsonSerializable(typeof(ServingState))]
internal sealed partial class StateJson : JsonSerializerContext;
