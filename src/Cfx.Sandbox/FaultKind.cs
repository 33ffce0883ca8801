namespace Cfx.Sandbox;

/// <summary>A way for something to go wrong on purpose.</summary>
public enum FaultKind
{
    /// <summary>500 in the API's error shape; nothing is processed.</summary>
    ServerError,

    /// <summary>503 in the API's error shape; nothing is processed.</summary>
    Unavailable,

    /// <summary>429 in the API's error shape, with Retry-After; nothing is processed.</summary>
    RateLimited,

    /// <summary>429 that does not say when to come back; nothing is processed.</summary>
    RateLimitedSilent,

    /// <summary>The connection breaks before anything is processed.</summary>
    DropBefore,

    /// <summary>The request is processed in full, then the connection breaks without a reply.</summary>
    DropAfter,

    /// <summary>The request is processed; half of the reply's body arrives, then the connection breaks.</summary>
    TruncatedBody,

    /// <summary>The request is processed; the reply arrives complete and is not JSON.</summary>
    MalformedBody,

    /// <summary>The request is processed; in the reply numbers and truth values are strings and lists are objects.</summary>
    WrongTypes,

    /// <summary>The request is processed; the reply lacks the fields that matter.</summary>
    MissingFields,

    /// <summary>The reply is right and comes later; amount: milliseconds, 1,000 if not given.</summary>
    Slow,

    /// <summary>401, as after the key's end; nothing is processed.</summary>
    ExpiredKey,

    /// <summary>403, as for want of access or because of too long a context; nothing is processed.</summary>
    Forbidden,

    /// <summary>The connection breaks while half of an upload has come; nothing is kept.</summary>
    UploadBreaks,

    /// <summary>The job that this request creates ends in an error in the midst of its training; nothing is billed.</summary>
    JobFails,

    /// <summary>The job that this request creates runs for ever, until it is cancelled.</summary>
    JobHangs,

    /// <summary>The job that this request creates is nowhere to be found afterwards.</summary>
    JobVanishes,

    /// <summary>The batch that this request creates fails before a line is answered.</summary>
    BatchFails,

    /// <summary>The batch that this request creates expires with half of its lines answered.</summary>
    BatchExpires,

    /// <summary>The batch that this request creates stays under way for ever, until it is cancelled.</summary>
    BatchHangs,

    /// <summary>The batch that this request creates is nowhere to be found afterwards.</summary>
    BatchVanishes,

    /// <summary>Lines of the batch that this request creates fail and stand in its error file; amount: how many, a quarter if not given.</summary>
    BatchLinesFail,

    /// <summary>Lines of the batch that this request creates are answered and stand in no file; amount: how many, a quarter if not given.</summary>
    BatchLinesMissing,

    /// <summary>Lines of the batch that this request creates stand in its output twice; amount: how many, a quarter if not given.</summary>
    BatchLinesTwice,
}
