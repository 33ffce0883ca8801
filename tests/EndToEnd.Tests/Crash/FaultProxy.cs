using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Crash;

/// <summary>Stands on loopback between the program and a sandbox, and at chosen requests ends the program or loses the reply. While a deadly rule
/// waits or strikes, other requests to its path get a broken connection, so that the instant is the one that was meant.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly HashSet<string> ByHop = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Content-Length", "Date" };
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Uri _server;
    private readonly ConcurrentDictionary<string, int> _runOfConnection = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(int Run, string Hash)> _questions = new();
    private readonly Lock _gate = new();
    private List<ProxyRule> _rules = [];
    private Dictionary<ProxyRule, int> _seen = [];
    private Process? _victim;
    private string? _fatalPath;
    private int _run;
    private int _underWay;
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FaultProxy(WebApplication app, Uri server) => (_app, _server) = (app, server);

    /// <summary>What the program is given as --base-url.</summary>
    public Uri BaseUrl => new(new Uri(_app.Urls.First()), "v1");

    /// <summary>Every chat request that was passed on: in which run the client sent it, and the hash of its body.</summary>
    public IReadOnlyCollection<(int Run, string Hash)> Questions => _questions;

    /// <summary>How many rules have not struck.</summary>
    public int RulesLeft
    {
        get
        {
            lock (_gate)
            {
                return _rules.Count;
            }
        }
    }

    public static async Task<FaultProxy> StartAsync(Uri server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        FaultProxy? proxy = null;
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => connection =>
        {
            // A request may be read after its sender's death: what counts is who opened the connection.
            proxy!._runOfConnection[connection.ConnectionId] = proxy._run;
            return next(connection);
        })));
        var app = builder.Build();
        proxy = new FaultProxy(app, server);
        app.Run(proxy.PassAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>Begins a run of the program.</summary>
    /// <param name="start">Starts it; the rules kill what this returns.</param>
    /// <param name="rules">What is to happen in it.</param>
    public Process Begin(Func<Process> start, params IEnumerable<ProxyRule> rules)
    {
        lock (_gate)
        {
            _run++;
            _rules = [.. rules];
            _seen = [];
            _fatalPath = null;
            return _victim = start();
        }
    }

    /// <summary>Ends when no request is under way.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            return _underWay == 0 ? Task.CompletedTask : _idle.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        Enter();
        try
        {
            await HandleAsync(context);
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The client died while it sent or received.
            context.Abort();
        }
        finally
        {
            Leave();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var run = _runOfConnection[context.Connection.Id];
        var (action, held) = Choose(context.Request.Method, target, body, run);
        if (held || action == ProxyAction.KillBeforeForwarding)
        {
            if (!held)
            {
                Kill();
            }

            context.Abort();
            return;
        }

        if (target.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            _questions.Enqueue((run, Convert.ToHexStringLower(SHA256.HashData(body))));
        }

        using var response = await _client.SendAsync(Copy(context.Request, target, body), CancellationToken.None);
        var reply = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
        switch (action)
        {
            case ProxyAction.KillBeforeReply:
                Kill();
                context.Abort();
                return;
            case ProxyAction.DropReply:
                context.Abort();
                return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => !ByHop.Contains(h.Key)))
        {
            context.Response.Headers[name] = string.Join(", ", values).Replace(_server.Authority, BaseUrl.Authority, StringComparison.Ordinal);
        }

        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply);
    }

    private HttpRequestMessage Copy(HttpRequest from, string target, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(_server, target));
        if (body.Length > 0 || from.ContentLength is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, values) in from.Headers.Where(h => !ByHop.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    private (ProxyAction? Action, bool Held) Choose(string method, string target, byte[] body, int run)
    {
        var path = target.Split('?')[0];
        var text = Encoding.UTF8.GetString(body);
        lock (_gate)
        {
            if (run != _run)
            {
                return (null, false);
            }

            var waiting = path == _fatalPath;
            foreach (var rule in _rules.Where(r => r.Method == method && r.IsAt(path)).ToList())
            {
                if (!text.Contains(rule.Body, StringComparison.Ordinal))
                {
                    waiting |= rule.Action != ProxyAction.DropReply;
                }
                else if ((_seen[rule] = _seen.GetValueOrDefault(rule) + 1) == rule.Number)
                {
                    _rules.Remove(rule);
                    _fatalPath = rule.Action == ProxyAction.DropReply ? null : path;
                    return (rule.Action, false);
                }
            }

            return (null, waiting);
        }
    }

    private void Kill()
    {
        _victim!.Kill();
        _victim.WaitForExit();
    }

    private void Enter()
    {
        lock (_gate)
        {
            _underWay++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_underWay == 0)
            {
                _idle.SetResult();
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
