using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Cfx.Contract.Tests.Recording;

/// <summary>Stands on loopback before a server, passes everything on unchanged and keeps it. Only the host in a Location becomes its own, so
/// that uploads pass here as well.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> ByHop = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Content-Length", "Date" };
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Exchange> _exchanges;
    private readonly Uri _server;
    private readonly bool _knowsRedirects;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private RecordingProxy(WebApplication app, string server, ConcurrentQueue<Exchange> exchanges, bool knowsRedirects)
    {
        (_app, _exchanges, _knowsRedirects) = (app, exchanges, knowsRedirects);
        _server = new Uri(server);
    }

    public Uri BaseUrl => new(new Uri(_app.Urls.First()), "v1");

    /// <param name="server">The base URL of the server behind.</param>
    /// <param name="exchanges">Where everything is kept.</param>
    /// <param name="knowsRedirects">False to be a server without the upload by redirect: it answers 404 to that by itself.</param>
    public static async Task<RecordingProxy> StartAsync(string server, ConcurrentQueue<Exchange> exchanges, bool knowsRedirects = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var proxy = new RecordingProxy(app, server, exchanges, knowsRedirects);
        app.Run(proxy.PassAsync);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (!_knowsRedirects && context.Request.Method is "POST" && target.EndsWith("/files", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 404;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_server, target));
        if (body.Length > 0 || context.Request.ContentLength is not null)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }
        else if (context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(body);
            request.Headers.TransferEncodingChunked = true;
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => !ByHop.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        if (context.Request.Headers.TransferEncoding.Count > 0 && body.Length > 0)
        {
            request.Headers.TransferEncodingChunked = true;
        }

        using var response = await _client.SendAsync(request);
        var reply = await response.Content.ReadAsByteArrayAsync();
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        _exchanges.Enqueue(new Exchange(
            context.Request.Method,
            target,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            (int)response.StatusCode,
            headers,
            reply));
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in headers.Where(h => !ByHop.Contains(h.Key)))
        {
            context.Response.Headers[name] = name is "Location"
                ? value.Replace(_server.Authority, BaseUrl.Authority, StringComparison.Ordinal) : value;
        }

        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply);
    }
}
