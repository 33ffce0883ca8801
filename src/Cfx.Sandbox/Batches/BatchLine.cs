using System.Text.Json;

namespace Cfx.Sandbox.Batches;

/// <param name="CustomId">Its name, unique in its batch.</param>
/// <param name="Body">The request.</param>
internal sealed record BatchLine(string CustomId, JsonElement Body);
