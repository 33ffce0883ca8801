using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Contract.Tests.Recording;
using Cfx.Contract.Tests.Schema;

namespace Cfx.Contract.Tests;

/// <summary>Takes exchanges apart into messages, each beside its schema.</summary>
internal sealed class MessageReader(Specification specification)
{
    private const string Json = "application/json";

    /// <summary>What is in an exchange that has no place in the specification.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Every message once: of requests those of the client, of answers all.</summary>
    public async Task<IReadOnlyList<WireMessage>> ReadAsync(IEnumerable<Exchange> exchanges)
    {
        var messages = new Dictionary<string, WireMessage>(StringComparer.Ordinal);
        foreach (var exchange in exchanges)
        {

            // What a server does not serve is no operation of its own, and its refusal has the usual shape even under /batches.
            var operation = exchange is { IsVersioned: true, IsUnserved: false } ? specification.Match(exchange.Method, exchange.Path) : null;
            var requests = exchange.IsFromClient && operation is not null ? await RequestsAsync(exchange, operation) : [];
            foreach (var message in requests.Concat(Responses(exchange, operation)))
            {
                messages.TryAdd(message.ToString(), message);
            }
        }

        return [.. messages.Values];
    }

    private async Task<IReadOnlyList<WireMessage>> RequestsAsync(Exchange exchange, Operation operation)
    {
        var query = new WireMessage(operation.Name, "query", exchange.Query(), operation.QuerySchema());
        if (exchange.RequestBody.Length == 0)
        {
            if (operation.Description["requestBody"]?["required"]?.GetValue<bool>() is true)
            {
                Faults.Add($"{exchange}: the body is missing");
            }

            return [query];
        }

        if (operation.RequestSchema(exchange.RequestType) is { } schema)
        {
            return [query, new WireMessage(operation.Name, "request", await exchange.RequestJsonAsync(), schema)];
        }

        Faults.Add($"{exchange}: the operation takes no body of type '{exchange.RequestType}'");
        return [query];
    }

    private IEnumerable<WireMessage> Responses(Exchange exchange, Operation? operation)
    {
        var status = exchange.Status.ToString(CultureInfo.InvariantCulture);
        var name = operation?.Name ?? (exchange.IsVersioned ? "unknown route" : "upload address");
        var schema = operation?.ResponseSchema(status, exchange.ResponseType);
        switch (exchange.Status)
        {
            case 200 when operation is null && !exchange.IsVersioned:
                return [];
            case 302 when operation is not null && operation.Describes(status):
                return [];
            case 200 when exchange.ResponseType is "text/plain" && schema is not null:
                return [];
            case 200 when exchange.ResponseType is "text/event-stream" && schema is not null:
                return exchange.ResponseText.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line => new WireMessage(name, $"{status} stream", Event(line), schema));
            case 204 when operation is not null && operation.Describes(status):
                return [];
            case 200 or 201 when schema is not null:
                return [new WireMessage(name, status, exchange.ResponseJson, schema)];
            case >= 400 when string.Equals(exchange.ResponseType, Json, StringComparison.Ordinal):
                return [new WireMessage(name, status, exchange.ResponseJson, schema ?? operation?.ResponseSchema("500", Json) ?? specification.Error)];
            default:
                Faults.Add($"{exchange}: the specification has no answer of type '{exchange.ResponseType}'");
                return [];
        }
    }

    private static JsonObject Event(string line)
    {
        const string Prefix = "data: ";
        Assert.That(line, Does.StartWith(Prefix));
        var data = line[Prefix.Length..];
        return new JsonObject { ["data"] = data is "[DONE]" ? JsonValue.Create(data) : JsonNode.Parse(data) };
    }
}
