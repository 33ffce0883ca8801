using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Crash;

/// <summary>A provider that tells everyone the key it was sent: in errors, headers and wherever a text may stand.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _authorizations = new();

    private EchoServer(WebApplication app) => _app = app;

    public Uri BaseUrl => new(new Uri(_app.Urls.First()), "v1");

    /// <summary>The Authorization header of each request.</summary>
    public IReadOnlyCollection<string> Authorizations => _authorizations;

    /// <param name="status">Of every reply.</param>
    /// <param name="body">Every reply's body, in which KEY stands for the key.</param>
    public static async Task<EchoServer> StartAsync(int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new EchoServer(app);
        app.Run(context =>
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            server._authorizations.Enqueue(authorization);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Headers["x-request-id"] = authorization;
            return context.Response.WriteAsync(body.Replace("KEY", authorization.Split(' ')[^1], StringComparison.Ordinal));
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
