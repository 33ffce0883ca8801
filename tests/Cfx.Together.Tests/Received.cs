namespace Cfx.Together.Tests;

/// <summary>One request as the server got it.</summary>
public sealed record Received(string Route, string Query, string Body, byte[] Bytes, IReadOnlyDictionary<string, string> Headers);
