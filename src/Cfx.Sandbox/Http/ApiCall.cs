using Microsoft.AspNetCore.Http;

namespace Cfx.Sandbox.Http;

/// <summary>A request on its way through a handler.</summary>
internal sealed class ApiCall(HttpContext context, string? id)
{
    public HttpContext Context { get; } = context;

    /// <summary>The id in the path; empty on routes without one.</summary>
    public string Id { get; } = id ?? string.Empty;

    /// <summary>The whole body, on routes that read it beforehand.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The model that the request names; for the ledger.</summary>
    public string? Model { get; set; }

    /// <summary>SHA-256 of the body in lower-case hex; for the ledger.</summary>
    public string? RequestHash { get; set; }

    public long BytesIn { get; set; }

    public CancellationToken Aborted => Context.RequestAborted;

    public string? Query(string name) => Context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;
}
