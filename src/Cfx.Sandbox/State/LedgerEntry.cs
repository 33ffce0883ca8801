namespace Cfx.Sandbox.State;

/// <summary>One request, as the ledger keeps it: never a header, a query or a body.</summary>
/// <param name="Time">When it was answered.</param>
/// <param name="Index">Its number since this server started, 0 for the first.</param>
/// <param name="Method">Its HTTP method.</param>
/// <param name="Route">The route it matched, such as <c>/fine-tunes/{id}</c>; <c>unknown</c> when none.</param>
/// <param name="Status">The status that was sent or, after a break of the connection, would have been; 0 when nothing was processed.</param>
/// <param name="Model">The model it named; null for none.</param>
/// <param name="RequestHash">SHA-256 of its body in lower-case hex; null for none.</param>
/// <param name="BytesIn">Bytes of its body.</param>
/// <param name="BytesOut">Bytes of the reply's body before any fault.</param>
/// <param name="Fault">What was done to it on purpose, as in fault scripts; null for nothing.</param>
public sealed record LedgerEntry(
    DateTimeOffset Time,
    long Index,
    string Method,
    string Route,
    int Status,
    string? Model,
    string? RequestHash,
    long BytesIn,
    long BytesOut,
    string? Fault);
