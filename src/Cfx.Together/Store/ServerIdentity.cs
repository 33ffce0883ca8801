namespace Cfx.Together.Store;

/// <summary>Names a server such that two that may answer differently have two names.</summary>
public static class ServerIdentity
{
    /// <param name="provider">The provider's name, such as together.</param>
    /// <param name="baseUrl">Where calls go.</param>
    /// <param name="contentVersion">What the server says of the content of its models; then its address, which may be another in each run, does not
    /// count. Null when it says nothing.</param>
    public static string Of(string provider, Uri baseUrl, string? contentVersion)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        return $"{provider} {contentVersion ?? baseUrl.Authority + baseUrl.AbsolutePath.TrimEnd('/')}";
    }
}
