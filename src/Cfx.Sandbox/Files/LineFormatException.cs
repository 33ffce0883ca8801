namespace Cfx.Sandbox.Files;

/// <summary>A line of a training file is not as the API wants it.</summary>
internal sealed class LineFormatException(string message) : Exception(message);
