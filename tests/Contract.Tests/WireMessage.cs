using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests;

/// <summary>A part of an exchange that the specification has a schema for.</summary>
/// <param name="Operation">Method and path.</param>
/// <param name="Part">query, request, or the status of the answer.</param>
/// <param name="Value">The part as JSON.</param>
/// <param name="Schema">What it must fit.</param>
internal sealed record WireMessage(string Operation, string Part, JsonNode? Value, JsonNode Schema)
{
    public override string ToString() => $"{Operation}, {Part}: {Value?.ToJsonString()}";
}
