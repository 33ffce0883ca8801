using Microsoft.AspNetCore.Http;

namespace Cfx.Sandbox.Http;

/// <summary>A request on its way through a handler.</summary>
internal sealed class ApiCall(HttpContext context, IReadOnlyList<string> ids)
{
    public HttpContext Context { get; } = context;

    /// <summary>The ids in the path, in order.</summary>
    public IReadOnlyList<string> Ids { get; } = ids;

    /// <summary>The last id in the path; empty on routes without one.</summary>
    public string Id => Ids.Count == 0 ? string.Empty : Ids[^1];

    /// <summary>What goes wrong with it on purpose; null for nothing.</summary>
    public Fault? Fault { get; set; }

    /// <summary>The whole body, on routes that read it beforehand.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The model that the request names; for the ledger.</summary>
    public string? Model { get; set; }

    /// <summary>SHA-256 of the body in lower-case hex; for the ledger.</summary>
    public string? RequestHash { get; set; }

    public long BytesIn { get; set; }

    /// <summary>What the answer costs in a rehearsal, in dollars; for the ledger.</summary>
    public decimal BilledUsd { get; set; }

    public CancellationToken Aborted => Context.RequestAborted;

    public string? Query(string name) => Context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;
}
