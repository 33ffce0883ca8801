using System.Net;
using System.Net.Http.Headers;

namespace Cfx.Together;

/// <summary>The HTTP below the client: one for the API with the key, one for uploads without it.</summary>
internal static class Connection
{
    public static bool IsAllowed(Uri uri) =>
        uri.Scheme is "https" || (uri.Scheme is "http" && uri.IsLoopback);

    public static HttpClient ForApi(TogetherOptions options)
    {
        var client = Create(options);
        client.BaseAddress = new Uri(options.BaseUrl.AbsoluteUri.TrimEnd('/') + "/");
        if (options.Key is { } key)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        }

        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }

    public static HttpClient ForUploads(TogetherOptions options) => Create(options);

    private static HttpClient Create(TogetherOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // An upload's first answer is a redirect that must be read, not followed, and no redirect may take the key elsewhere.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxConnectionsPerServer = Math.Max(options.MaxConcurrency, 4) + 4,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            EnableMultipleHttp2Connections = true,
            UseCookies = false,
        };
        var client = new HttpClient(handler)
        {
            // Each attempt has its own limit, by the clock that was passed in.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("cfx", "0.1"));
        return client;
    }
}
