namespace Cfx.Together.Tests;

/// <summary>What the server does with one request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Headers beside the usual ones.</param>
/// <param name="Break">Where the connection breaks off.</param>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string>? Headers = null, Break Break = Break.Nowhere)
{
    public static Answer Ok(string body) => new(200, body);

    public static Answer Error(int status, string message = "no") =>
        new(status, $$$"""{"error":{"message":"{{{message}}}","type":"x"}}""");

    public Answer With(string header, string value) => this with { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { [header] = value } };
}

/// <summary>Where a connection breaks off.</summary>
public enum Break
{
    Nowhere,
    BeforeTheReply,
    WithinTheBody,
    Never,
}
