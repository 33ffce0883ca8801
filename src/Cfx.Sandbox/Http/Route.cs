namespace Cfx.Sandbox.Http;

/// <summary>One operation of the API.</summary>
/// <param name="Method">The HTTP method, upper case.</param>
/// <param name="Template">The path without the version; <c>{id}</c> stands for one segment.</param>
/// <param name="Handle">Answers the request.</param>
internal sealed record Route(string Method, string Template, Func<ApiCall, Task<Reply>> Handle)
{
    private readonly string[] _segments = Template.Split('/');

    /// <summary>Whether the handler reads the body itself, as uploads do, since it may be large.</summary>
    public bool StreamsBody { get; init; }

    /// <summary>Whether the route is open without a key, as a presigned address is.</summary>
    public bool IsOpen { get; init; }

    public bool Matches(string method, string[] segments, out string? id)
    {
        id = null;
        if (!string.Equals(method, Method, StringComparison.Ordinal) || segments.Length != _segments.Length)
        {
            return false;
        }

        for (var i = 0; i < segments.Length; i++)
        {
            if (string.Equals(_segments[i], "{id}", StringComparison.Ordinal))
            {
                id = segments[i];
            }
            else if (!string.Equals(_segments[i], segments[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return id is not { Length: 0 };
    }
}
