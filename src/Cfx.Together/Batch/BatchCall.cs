using System.Text.Json;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Together.Store;
using Cfx.Together.Wire;

namespace Cfx.Together.Batch;

/// <summary>One call of a batch.</summary>
/// <param name="Id">The first digits of the store's key, which ties a result to its call.</param>
/// <param name="Key">The store's key.</param>
/// <param name="Canonical">The canonical request.</param>
/// <param name="Request">What is asked.</param>
internal sealed record BatchCall(string Id, string Key, string Canonical, ChatRequest Request)
{
    /// <summary>Digits of the key in an id; the wire allows 64 characters.</summary>
    private const int IdLength = 48;

    public static BatchCall Of(string server, string? identity, ChatRequest request)
    {
        var canonical = ResponseKey.Canonical(request);
        var key = ResponseKey.Of(server, identity, canonical);
        return new BatchCall(key[..IdLength], key, canonical, request);
    }

    /// <summary>The line that is sent; its body is the direct call's.</summary>
    public byte[] Line() =>
        JsonSerializer.SerializeToUtf8Bytes(new BatchInputLine { CustomId = Id, Body = ChatBody.Of(Request) }, WireJson.Default.BatchInputLine);

    /// <summary>The id that a line carries.</summary>
    /// <exception cref="JsonException">It is not such a line.</exception>
    public static string IdOf(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, WireJson.Default.BatchInputLine)?.CustomId ?? throw new JsonException("it has no custom_id");

    /// <summary>Reads a line back; null when it is not the call that its id stands for.</summary>
    /// <exception cref="JsonException">It is not such a line.</exception>
    public static BatchCall? Read(ReadOnlySpan<byte> line, string server, string? identity)
    {
        var read = JsonSerializer.Deserialize(line, WireJson.Default.BatchInputLine) ?? throw new JsonException("it is null");
        var body = read.Body;
        var call = Of(server, identity, new ChatRequest(
            body.Model, [.. body.Messages.Select(m => new Message(m.Role, m.Content))], body.Temperature, body.TopP, body.MaxTokens, body.Seed));
        return call.Id == read.CustomId ? call : null;
    }
}
