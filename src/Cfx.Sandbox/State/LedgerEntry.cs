namespace Cfx.Sandbox.State;

/// <summary>One request, one answered line of a batch or one event that is billed, as the ledger keeps it: never a header, a query or a body.</summary>
/// <param name="Time">When it was answered.</param>
/// <param name="Index">The request's number since this server started, 0 for the first; of a line or an event, −1.</param>
/// <param name="Method">Its HTTP method; of a batch's line that of a direct call; <c>EVENT</c> for an event.</param>
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
    string? Fault)
{
    /// <summary>The route with the request's ids; null for a path that does not exist.</summary>
    public string? Path { get; init; }

    /// <summary>Whether the reply was sent as it should be: false when it was dropped, cut off or spoiled, or nothing was processed.</summary>
    public bool Delivered { get; init; }

    /// <summary>What it was billed with in a rehearsal, in dollars; 0 otherwise.</summary>
    public decimal BilledUsd { get; init; }

    /// <summary>The batch whose line this is; null for none.</summary>
    public string? Batch { get; init; }

    /// <summary>The line's name in its batch.</summary>
    public string? CustomId { get; init; }

    /// <summary>What happened, for an event: <c>job-billed</c>, <c>serving-started</c> or <c>serving-stopped</c>.</summary>
    public string? Event { get; init; }

    /// <summary>Minutes that a model was served for, at the end of serving.</summary>
    public double? Minutes { get; init; }
}
