namespace Cfx.Together;

/// <summary>What one call is, for messages and for the policy.</summary>
/// <param name="What">In words, beginning a sentence ("The chat call to 'm'").</param>
/// <param name="Route">Method and path, such as "POST /chat/completions".</param>
internal sealed record Call(string What, string Route)
{
    /// <summary>Whether the call may be sent again; false for one that creates something paid.</summary>
    public bool MayRepeat { get; init; } = true;

    /// <summary>The lane of a chat call, whose limits it keeps; null for any other call.</summary>
    public Lane? Lane { get; init; }

    /// <summary>Whether a call that was sent may still come in after the run was told to stop: its reply is paid for, or names what was bought.</summary>
    public bool HasGrace => Lane is not null || !MayRepeat;

    /// <summary>The server, when it is not the API's.</summary>
    public string? Place { get; init; }

    /// <summary>A limit of its own for one attempt; null for the usual one.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What to say when the provider knows no such thing (404); null for the usual remedy.</summary>
    public string? NotFoundRemedy { get; init; }
}
