namespace Cfx.Sandbox.Hosting;

/// <param name="Text">The answer.</param>
/// <param name="WasCut">Whether the token limit ended it.</param>
internal sealed record ModelAnswer(string Text, bool WasCut);
