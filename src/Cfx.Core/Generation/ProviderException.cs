namespace Cfx.Core.Generation;

/// <summary>A provider could not be reached or refused a call. The message names the call, the status, the provider's own words and the
/// remedy, and never the key.</summary>
/// <param name="message">One line for a person.</param>
/// <param name="statusCode">The HTTP status; null when there was no reply.</param>
/// <param name="innerException">The cause, where there is one.</param>
public sealed class ProviderException(string message, int? statusCode = null, Exception? innerException = null)
    : CfxException(message, innerException)
{
    /// <summary>The HTTP status; null when there was no reply.</summary>
    public int? StatusCode { get; } = statusCode;

    public override int ExitCode => 1;
}
