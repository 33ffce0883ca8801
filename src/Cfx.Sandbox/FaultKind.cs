namespace Cfx.Sandbox;

/// <summary>A way for a request to go wrong on purpose.</summary>
public enum FaultKind
{
    /// <summary>500 in the API's error shape; nothing is processed.</summary>
    ServerError,

    /// <summary>503 in the API's error shape; nothing is processed.</summary>
    Unavailable,

    /// <summary>429 in the API's error shape; nothing is processed.</summary>
    RateLimited,

    /// <summary>The connection breaks before anything is processed.</summary>
    DropBefore,

    /// <summary>The request is processed in full, then the connection breaks without a reply.</summary>
    DropAfter,

    /// <summary>The request is processed; half of the reply's body arrives, then the connection breaks.</summary>
    TruncatedBody,

    /// <summary>The request is processed; the reply arrives complete and is not JSON.</summary>
    MalformedBody,
}
