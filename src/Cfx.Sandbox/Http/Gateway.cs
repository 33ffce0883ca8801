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
    private const string FirstVersion = "/v1";
    private const string SecondVersion = "/v2";
    private long _count = -1;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is held beyond the features, which belong to the server.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var (route, ids) = Find(context.Request);
        var call = new ApiCall(context, ids);
        if (route is { IsAdmin: true })
        {
            var answer = await route.Handle(call);
            await SendAsync(context, answer, null, null, LengthOf(answer), -1);
            return;
        }

        var index = Interlocked.Increment(ref _count);
        var isBare = route is { HasBareErrors: true };
        Reply? reply = null;
        var rate = default(RateDecision?);
        try
        {
            Authorize(context.Request, route);
            call.Fault = faults.Choose(index, context.Request.Method, route?.Template);
            if (faults.Delay(index, call.Fault) is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay, time, call.Aborted);
            }

            rate = route is { IsOpen: true } ? null : limiter?.Take();
            reply = Refusal(call.Fault?.Kind, rate, isBare) ?? call.Fault?.Kind switch
            {
                FaultKind.DropBefore => null,
                FaultKind.UploadBreaks => await TakeHalfAsync(context.Request, call.Aborted),
                _ => await AnswerAsync(call, route),
            };
        }
        catch (ApiException error)
        {
            reply = Reply.Error(error, isBare);
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
            reply = Reply.Error(new ApiException(error.StatusCode, error.Message), isBare);
        }
        catch (Exception error)
        {
            logger.LogError(error, "The sandbox failed on {Method} {Route}", context.Request.Method, route?.Template);
            reply = Reply.Error(new ApiException(500, "The sandbox failed: " + error.Message, "server_error"), isBare);
        }

        var fault = call.Fault?.Kind;
        var bytesOut = LengthOf(reply);
        var body = reply is { FilePath: null } ? Spoiler.Spoil(reply.Body, fault) : default;
        var isDropped = reply is null || fault == FaultKind.DropAfter || (fault == FaultKind.TruncatedBody && bytesOut == 0);
        var isWhole = fault != FaultKind.TruncatedBody && (reply is not { FilePath: null } || body.Equals(reply.Body));
        ledger.Append(new LedgerEntry(
            time.GetUtcNow(), index, context.Request.Method, route?.Template ?? "unknown", reply?.Status ?? 0, call.Model, call.RequestHash,
            call.BytesIn, bytesOut, fault is { } kind ? FaultRule.NameOf(kind) : null)
        {
            Path = route?.Fill(ids),
            Delivered = !isDropped && isWhole && !call.Aborted.IsCancellationRequested,
            BilledUsd = call.BilledUsd,
        });
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.LogDebug("{Method} {Route} {Status}", context.Request.Method, route?.Template ?? "unknown", reply?.Status ?? 0);
        }

        if (reply is null || isDropped)
        {
            context.Abort();
            return;
        }

        var spoiled = reply.FilePath is null ? reply with { Body = body } : reply;
        await SendAsync(context, spoiled, fault, rate, fault == FaultKind.TruncatedBody ? bytesOut : LengthOf(spoiled), index);
    }

    private static long LengthOf(Reply? reply) => reply?.FilePath is { } path ? new FileInfo(path).Length : reply?.Body.Length ?? 0;

    private (Route? Route, IReadOnlyList<string> Ids) Find(HttpRequest request)
    {
        var path = request.Path.Value ?? string.Empty;
        var isFirst = path.StartsWith(FirstVersion + "/", StringComparison.Ordinal);
        var isSecond = path.StartsWith(SecondVersion + "/", StringComparison.Ordinal);
        var segments = (isFirst || isSecond ? path[FirstVersion.Length..] : path).Split('/');
        foreach (var route in routes)
        {
            // One client sends operations of the second version below the first's prefix when it is given an address.
            var isThere = route.IsOpen ? !isFirst && !isSecond : isFirst || (isSecond && route.IsSecond);
            if (isThere && route.Matches(request.Method, segments, out var ids))
            {
                return (route, ids);
            }
        }

        return (null, []);
    }

    private static async Task<Reply?> TakeHalfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var left = (request.ContentLength ?? 0) / 2;
        while (left > 0 && await request.Body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken) is > 0 and var read)
        {
            left -= read;
        }

        return null;
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

    private static Reply? Refusal(FaultKind? fault, RateDecision? rate, bool isBare)
    {
        if (fault is FaultKind.RateLimited or FaultKind.RateLimitedSilent || rate is { Allowed: false })
        {
            return Reply.Error(new ApiException(429, "Too many requests: slow down.", "rate_limit", code: "rate_limit_exceeded"), isBare);
        }

        return fault switch
        {
            FaultKind.ServerError => Reply.Error(new ApiException(500, "The server failed on purpose.", "server_error", code: "internal_error"), isBare),
            FaultKind.Unavailable => Reply.Error(new ApiException(503, "The server is overloaded on purpose.", "service_unavailable", code: "overloaded"), isBare),
            FaultKind.ExpiredKey => Reply.Error(new ApiException(401, "The key has expired, on purpose.", code: "invalid_api_key"), isBare),
            FaultKind.Forbidden => Reply.Error(new ApiException(403, "Access is denied, on purpose.", code: "forbidden"), isBare),
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
        if (reply.Status != StatusCodes.Status204NoContent)
        {
            response.ContentType = reply.ContentType;
            response.ContentLength = length;
        }

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

        if (reply.Status == 429 && options.SendsRetryAfter && fault != FaultKind.RateLimitedSilent)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(rate?.RetryAfterSeconds ?? 0)).ToString("0", CultureInfo.InvariantCulture);
        }

        try
        {
            if (reply.FilePath is { } path)
            {
                // The ledger goes on being written while it is read.
                await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await CopyAsync(file, response.Body, fault == FaultKind.TruncatedBody ? length / 2 : length, context.RequestAborted);
            }
            else
            {
                await response.Body.WriteAsync(reply.Body, context.RequestAborted);
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
}
