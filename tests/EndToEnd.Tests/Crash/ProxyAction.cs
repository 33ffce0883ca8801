namespace EndToEnd.Tests.Crash;

/// <summary>What the proxy does to a request.</summary>
internal enum ProxyAction
{
    /// <summary>The client dies when it has sent the request; the server never sees it.</summary>
    KillBeforeForwarding,

    /// <summary>The server has answered; the client dies before the reply reaches it.</summary>
    KillBeforeReply,

    /// <summary>The server has answered; the connection breaks instead of the reply.</summary>
    DropReply,
}
