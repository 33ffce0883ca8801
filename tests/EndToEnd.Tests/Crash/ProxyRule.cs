namespace EndToEnd.Tests.Crash;

/// <summary>Which request the proxy does something to: each rule strikes once.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path after the version, such as <c>/fine-tunes</c>.</param>
/// <param name="Action">What it does.</param>
/// <param name="Body">What the body must contain; empty for anything.</param>
/// <param name="Number">Which of the matching requests of a run, 1 for the first.</param>
internal sealed record ProxyRule(string Method, string Path, ProxyAction Action, string Body = "", int Number = 1);
