using System.Text.Json.Nodes;

namespace Cfx.Sandbox.Http;

/// <summary>An answer, complete before its first byte is sent: so it can be written to the ledger first, and spoiled on purpose.</summary>
internal sealed record Reply
{
    public required int Status { get; init; }

    public string ContentType { get; init; } = "application/json";

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A file that is sent instead of <see cref="Body"/>.</summary>
    public string? FilePath { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static Reply Json(JsonNode body, int status = 200) => new() { Status = status, Body = Wire.Bytes(body) };

    /// <param name="error">What is wrong.</param>
    /// <param name="isBare">Whether the text is all, as in the errors of batches.</param>
    public static Reply Error(ApiException error, bool isBare = false) => isBare ? Json(new JsonObject { ["error"] = error.Message }, error.Status) : Json(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = error.Message,
                ["type"] = error.Type,
                ["param"] = error.Param,
                ["code"] = error.Code,
            },
        },
        error.Status);
}
