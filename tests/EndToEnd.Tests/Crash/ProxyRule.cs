namespace EndToEnd.Tests.Crash;

/// <summary>Which request the proxy does something to: each rule strikes once.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path after the version, such as <c>/fine-tunes</c>; <c>*</c> is any one segment.</param>
/// <param name="Action">What it does.</param>
/// <param name="Body">What the body must contain; empty for anything.</param>
/// <param name="Number">Which of the matching requests of a run, 1 for the first.</param>
internal sealed record ProxyRule(string Method, string Path, ProxyAction Action, string Body = "", int Number = 1)
{
    /// <summary>Whether a request's whole path is the rule's, at whatever version of the API.</summary>
    public bool IsAt(string path)
    {
        var (wanted, found) = (Path.Split('/'), path.Split('/'));
        return found is ["", "v1" or "v2", ..] && found.Length == wanted.Length + 1 && wanted.Skip(1).Zip(found.Skip(2)).All(p => p.First == "*" || p.First == p.Second);
    }
}
