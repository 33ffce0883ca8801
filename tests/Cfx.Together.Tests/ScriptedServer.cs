using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Tests;

/// <summary>A loopback HTTP server that answers each route by a script, then by its standing answer, and keeps every request.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<Received, Answer>>> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<Received, Answer>> _standing = new(StringComparer.Ordinal);
    private int _inFlight;
    private int _mostInFlight;

    private ScriptedServer(WebApplication app) => _app = app;

    public Uri Root => new(_app.Urls.First());

    public Uri BaseUrl => new(Root, "v1");

    public IReadOnlyList<Received> Received => [.. _received];

    public int MostInFlight => _mostInFlight;

    /// <summary>Held by every request until it is done, when set.</summary>
    public Func<Task>? Gate { get; set; }

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Adds one answer to a route's script, such as "POST /v1/chat/completions".</summary>
    public ScriptedServer Once(string route, Answer answer) => Once(route, _ => answer);

    public ScriptedServer Once(string route, Func<Received, Answer> answer)
    {
        _scripts.GetOrAdd(route, _ => new()).Enqueue(answer);
        return this;
    }

    /// <summary>Answers a route whenever its script is over.</summary>
    public ScriptedServer Always(string route, Answer answer) => Always(route, _ => answer);

    public ScriptedServer Always(string route, Func<Received, Answer> answer)
    {
        _standing[route] = answer;
        return this;
    }

    public int Count(string route) => _received.Count(r => string.Equals(r.Route, route, StringComparison.Ordinal));

    public Received Last(string route) => _received.Last(r => string.Equals(r.Route, route, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(now);
        try
        {
            using var memory = new MemoryStream();
            await context.Request.Body.CopyToAsync(memory);
            var bytes = memory.ToArray();
            var received = new Received(
                $"{context.Request.Method} {context.Request.Path.Value}", context.Request.QueryString.Value ?? "", Encoding.UTF8.GetString(bytes), bytes,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            _received.Enqueue(received);
            if (Gate is { } gate)
            {
                await gate();
            }

            await WriteAsync(context, Choose(received)(received));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private void InterlockedMax(int now)
    {
        int seen;
        while (now > (seen = _mostInFlight) && Interlocked.CompareExchange(ref _mostInFlight, now, seen) != seen)
        {
        }
    }

    private Func<Received, Answer> Choose(Received received) =>
        _scripts.TryGetValue(received.Route, out var script) && script.TryDequeue(out var next) ? next
        : _standing.TryGetValue(received.Route, out var standing) ? standing
        : _ => Answer.Error(404, "no such route " + received.Route);

    private static async Task WriteAsync(HttpContext context, Answer answer)
    {
        if (answer.Break is Break.BeforeTheReply)
        {
            context.Abort();
            return;
        }

        if (answer.Break is Break.Never)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }

        var body = Encoding.UTF8.GetBytes(answer.Body);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Status is not (204 or 304))
        {
            context.Response.ContentLength = body.Length;
            var sent = answer.Break is Break.WithinTheBody ? body.Length / 2 : body.Length;
            await context.Response.Body.WriteAsync(body.AsMemory(0, sent));
        }

        if (answer.Break is Break.WithinTheBody)
        {
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
    }
}
