using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Schema;

/// <summary>How a place of the specification is read where it contradicts itself.</summary>
/// <param name="Place">Where.</param>
/// <param name="Contradiction">What does not go together.</param>
/// <param name="ReadAs">What is taken to be meant.</param>
/// <param name="Apply">Writes that into the specification. False when the contradiction is no longer there, so that the reading can go.</param>
internal sealed record Reading(string Place, string Contradiction, string ReadAs, Func<JsonObject, bool> Apply)
{
    public override string ToString() => $"{Place}: {Contradiction}. Read as: {ReadAs}.";
}
