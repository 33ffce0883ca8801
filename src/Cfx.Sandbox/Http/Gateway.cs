using System.Globalization;
using Cfx.Sandbox.State;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Cfx.Sandbox.Http;

/// <summary>What every request passes: key, rate, faults, latency, the handler, the ledger and the reply.</summary>
internal sealed class Gateway(
    IReadOnlyList<Route> routes,
    FaultInjector faults,
    RateLimiter? limiter,
    SandboxOptions options,
    Ledger ledger,
    TimeProvider time,
    ILogger logger) : IHttpApplication<HttpContext>
{
    private const long MaximumJsonBytes = 64L << 20;
    private const string Version = "/v1";
    private long _count = -1;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is held beyond the features, which belong to the server.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var index = Interlocked.Increment(ref _count);
        var (route, id) = Find(context.Request);
        var call = new ApiCall(context, id);
        FaultKind? fault = null;
        Reply? reply = null;
        var rate = default(RateDecision?);
        try
        {
            Authorize(context.Request, route);
            fault = faults.Choose(index, context.Request.Method, route?.Template);
            if (faults.Delay(index) is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay, time, call.Aborted);
            }

            rate = route is { IsOpen: true } ? null : limiter?.Take();
            if (fault != FaultKind.DropBefore)
            {
                reply = Refusal(fault, rate) ?? await AnswerAsync(call, route);
            }
        }
        catch (ApiException error)
        {
            reply = Reply.Error(error);
        }
        catch (OperationCanceledException) when (call.Aborted.IsCancellationRequested)
        {
            // The client has gone; the ledger keeps that it came.
        }
        catch (Exception error) when (error is IOException or BadHttpRequestException && call.Aborted.IsCancellationRequested)
        {
            // The same, in the midst of its upload.
        }
        catch (BadHttpRequestException error)
        {
            reply = Reply.Error(new ApiException(error.StatusCode, error.Message));
        }
        catch (Exception error)
        {
            logger.LogError(error, "The sandbox failed on {Method} {Route}", context.Request.Method, route?.Template);
            reply = Reply.Error(new ApiException(500, "The sandbox failed: " + error.Message, "server_error"));
        }

        var bytesOut = reply?.FilePath is { } path ? new FileInfo(path).Length : reply?.Body.Length ?? 0;
        ledger.Append(new LedgerEntry(
            time.GetUtcNow(), index, context.Request.Method, route?.Template ?? "unknown", reply?.Status ?? 0, call.Model, call.RequestHash,
            call.BytesIn, bytesOut, fault is { } kind ? FaultRule.NameOf(kind) : null));
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.LogDebug("{Method} {Route} {Status}", context.Request.Method, route?.Template ?? "unknown", reply?.Status ?? 0);
        }

        if (reply is null || fault == FaultKind.DropAfter)
        {
            context.Abort();
            return;
        }

        await SendAsync(context, reply, fault, rate, bytesOut, index);
    }

    private (Route? Route, string? Id) Find(HttpRequest request)
    {
        var path = request.Path.Value ?? string.Empty;
        var isVersioned = path.StartsWith(Version + "/", StringComparison.Ordinal);
        var segments = (isVersioned ? path[Version.Length..] : path).Split('/');
        foreach (var route in routes)
        {
            if (route.IsOpen != isVersioned && route.Matches(request.Method, segments, out var id))
            {
                return (route, id);
            }
        }

        return (null, null);
    }

    private static void Authorize(HttpRequest request, Route? route)
    {
        const string Scheme = "Bearer ";
        if (route is { IsOpen: true })
        {
            return;
        }

        // Any key is welcome; it is looked at here and nowhere else.
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || string.IsNullOrWhiteSpace(header[Scheme.Length..]))
        {
            throw new ApiException(
                401, "A key is missing: send 'Authorization: Bearer <key>'. The sandbox takes any.", code: "missing_api_key");
        }
    }

    private static Reply? Refusal(FaultKind? fault, RateDecision? rate)
    {
        if (fault == FaultKind.RateLimited || rate is { Allowed: false })
        {
            return Reply.Error(new ApiException(429, "Too many requests: slow down.", "rate_limit", code: "rate_limit_exceeded"));
        }

        return fault switch
        {
            FaultKind.ServerError => Reply.Error(new ApiException(500, "The server failed on purpose.", "server_error", code: "internal_error")),
            FaultKind.Unavailable => Reply.Error(new ApiException(503, "The server is overloaded on purpose.", "service_unavailable", code: "overloaded")),
            _ => null,
        };
    }

    private static async Task<Reply> AnswerAsync(ApiCall call, Route? route)
    {
        if (route is null)
        {
            var request = call.Context.Request;
            throw new ApiException(404, $"There is no {request.Method} {request.Path}.", "not_found_error", code: "unknown_route");
        }

        if (!route.StreamsBody)
        {
            using var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await call.Context.Request.Body.ReadAsync(buffer, call.Aborted) is > 0 and var read)
            {
                body.Write(buffer, 0, read);
                if (body.Length > MaximumJsonBytes)
                {
                    throw new ApiException(413, $"The body is larger than {MaximumJsonBytes} bytes.", code: "body_too_large");
                }
            }

            call.Body = body.ToArray();
            call.BytesIn = call.Body.Length;
            call.RequestHash = call.Body.IsEmpty ? null : ContentId.Of(call.Body.Span);
        }

        return await route.Handle(call);
    }

    private async Task SendAsync(HttpContext context, Reply reply, FaultKind? fault, RateDecision? rate, long length, long index)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = length;
        response.Headers["x-request-id"] = FormattableString.Invariant($"sandbox-{index}");
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (rate is { } decision)
        {
            response.Headers["x-ratelimit-limit"] = options.RequestsPerSecond!.Value.ToString(CultureInfo.InvariantCulture);
            response.Headers["x-ratelimit-remaining"] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
            response.Headers["x-ratelimit-reset"] = decision.ResetSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        }

        if (reply.Status == 429 && options.SendsRetryAfter)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(rate?.RetryAfterSeconds ?? 0)).ToString("0", CultureInfo.InvariantCulture);
        }

        try
        {
            if (reply.FilePath is { } path)
            {
                await using var file = File.OpenRead(path);
                await CopyAsync(file, response.Body, fault == FaultKind.TruncatedBody ? length / 2 : length, context.RequestAborted);
            }
            else
            {
                await response.Body.WriteAsync(Spoil(reply.Body, fault), context.RequestAborted);
            }

            if (fault == FaultKind.TruncatedBody)
            {
                await response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client has gone while its reply was on the way.
            context.Abort();
        }
    }

    private static async Task CopyAsync(Stream source, Stream target, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (length > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length -= read;
        }
    }

    private static ReadOnlyMemory<byte> Spoil(ReadOnlyMemory<byte> body, FaultKind? fault)
    {
        switch (fault)
        {
            case FaultKind.TruncatedBody:
                return body[..(body.Length / 2)];
            case FaultKind.MalformedBody:
                var spoilt = body.ToArray();
                spoilt.AsSpan(spoilt.Length / 2).Fill((byte)'<');
                return spoilt;
            default:
                return body;
        }
    }
}
