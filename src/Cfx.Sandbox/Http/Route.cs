namespace Cfx.Sandbox.Http;

/// <summary>One operation of the API.</summary>
/// <param name="Method">The HTTP method, upper case.</param>
/// <param name="Template">The path without the version; a name in braces stands for one segment.</param>
/// <param name="Handle">Answers the request.</param>
internal sealed record Route(string Method, string Template, Func<ApiCall, Task<Reply>> Handle)
{
    private readonly string[] _segments = Template.Split('/');

    /// <summary>Whether the handler reads the body itself, as uploads do, since it may be large.</summary>
    public bool StreamsBody { get; init; }

    /// <summary>Whether the route is open without a key and has no version, as a presigned address is.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether the route is the sandbox's own: without key, faults, latency or an entry in the ledger.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether the operation is of the second version, which is served below the first's prefix as well.</summary>
    public bool IsSecond { get; init; }

    /// <summary>Whether errors are a bare text, as those of batches are.</summary>
    public bool HasBareErrors { get; init; }

    /// <summary>The template with the ids at its braces.</summary>
    public string Fill(IReadOnlyList<string> ids)
    {
        var next = 0;
        return string.Join('/', _segments.Select(segment => segment is ['{', .., '}'] ? ids[next++] : segment));
    }

    /// <param name="method">The request's.</param>
    /// <param name="segments">Its path, cut at the slashes, without the version.</param>
    /// <param name="ids">What stands at the braces, in order.</param>
    public bool Matches(string method, string[] segments, out IReadOnlyList<string> ids)
    {
        ids = [];
        if (!string.Equals(method, Method, StringComparison.Ordinal) || segments.Length != _segments.Length)
        {
            return false;
        }

        var found = new List<string>();
        for (var i = 0; i < segments.Length; i++)
        {
            if (_segments[i] is ['{', .., '}'])
            {
                found.Add(segments[i]);
            }
            else if (!string.Equals(_segments[i], segments[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        ids = found;
        return !found.Contains(string.Empty, StringComparer.Ordinal);
    }
}
