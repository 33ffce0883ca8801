using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using RestEase;

namespace Cfx.Together;

/// <summary>Sends calls: in turn, again when that is worth it, and with every failure turned into one line without a request in it.</summary>
internal sealed class CallPolicy
{
    private static readonly ResiliencePropertyKey<Call> CallKey = new("call");
    private readonly TogetherOptions _options;
    private readonly Dispatcher _dispatcher;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _repeated;

    public CallPolicy(TogetherOptions options, Dispatcher dispatcher, TimeProvider time, ILogger logger)
    {
        _options = options;
        _dispatcher = dispatcher;
        _time = time;
        _logger = logger;
        _repeated = options.Attempts == 1 ? ResiliencePipeline.Empty : Build();
    }

    /// <summary>Sends a call whose reply has a JSON body.</summary>
    /// <param name="call">What it is.</param>
    /// <param name="send">Sends one attempt.</param>
    /// <param name="malformed">Says what a body lacks that makes it unusable; null accepts every body.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    /// <exception cref="ProviderException">No usable reply.</exception>
    public Task<T> SendAsync<T>(
        Call call, Func<CancellationToken, Task<Response<T>>> send, Func<T, string?>? malformed, CancellationToken cancellationToken) =>
        RunAsync(call, async token =>
        {
            var response = await send(token);
            using var message = response.ResponseMessage;
            RequireSuccess(message, response.StringContent);
            T content;
            try
            {
                // Parsed here, inside the attempt, so that a broken body is one more reason to send again.
                content = response.GetContent();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw new CallFault($"the reply's body cannot be read ({e.Message})", null, isPassing: true);
            }

            return malformed?.Invoke(content) is { } lack
                ? throw new CallFault($"the reply's body is unusable ({lack})", null, isPassing: true)
                : content;
        }, cancellationToken);

    /// <summary>Runs a call whose one attempt is given whole; it reports trouble by <see cref="RequireSuccess"/> or a <see cref="CallFault"/>.</summary>
    public async Task<T> RunAsync<T>(Call call, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CallKey, call);
        try
        {
            var pipeline = call.MayRepeat ? _repeated : ResiliencePipeline.Empty;
            return await pipeline.ExecuteAsync(
                async (c, state) => await AttemptAsync(state.call, state.attempt, c.CancellationToken), context, (call, attempt));
        }
        catch (CallFault fault)
        {
            // The fault stays behind: nothing of the request may travel with an exception.
            throw new ProviderException(Describe(call, fault), fault.StatusCode);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Throws the fault that an unsuccessful status stands for.</summary>
    public void RequireSuccess(HttpResponseMessage response, string? body)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var status = (int)response.StatusCode;
        var words = ErrorBody.Words(body, _options.Key);
        var id = response.Headers.TryGetValues("x-request-id", out var ids) ? $" (request {_options.Key.Redact(string.Join(',', ids))})" : "";
        throw new CallFault(
            $"HTTP {status}{(words.Length > 0 ? $": \"{words}\"" : "")}{id}", status, status is 408 or 409 or 425 or 429 or >= 500, RetryAfter(response.Headers));
    }

    private async Task<T> AttemptAsync<T>(Call call, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using var slot = call.IsDispatched ? await _dispatcher.EnterAsync(cancellationToken) : null;
        var limit = call.Timeout ?? _options.RequestTimeout;
        using var timeout = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await attempt(both.Token);
        }
        catch (CallFault fault) when (call.IsDispatched && fault.RetryAfter is { } pause && pause <= _options.MaxRetryAfter)
        {
            _dispatcher.Hold(pause);
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && timeout.IsCancellationRequested)
        {
            throw new CallFault(string.Create(CultureInfo.InvariantCulture, $"no reply within {limit.TotalSeconds:0.#} s"), null, isPassing: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallFault("the connection was given up", null, isPassing: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ApiException)
        {
            throw new CallFault(_options.Key.Redact(Innermost(e)), null, isPassing: true);
        }
    }

    private ResiliencePipeline Build()
    {
        var jitter = new Jitter(_options.Seed);
        return new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = _options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.RetryDelay,
                MaxDelay = _options.MaxRetryDelay,
                Randomizer = jitter.Next,

                // A longer wait than allowed means that a quota is spent: waiting it out would look like hanging.
                ShouldHandle = a => ValueTask.FromResult(
                    a.Outcome.Exception is CallFault { IsPassing: true } fault && !(fault.RetryAfter > _options.MaxRetryAfter)),
                DelayGenerator = a => ValueTask.FromResult((a.Outcome.Exception as CallFault)?.RetryAfter),
                OnRetry = a =>
                {
                    _logger.LogWarning(
                        "{Call}: {Reason}; attempt {Attempt} of {Attempts}, again in {Delay:0.0} s",
                        a.Context.Properties.GetValue(CallKey, null!).What, a.Outcome.Exception!.Message,
                        a.AttemptNumber + 1, _options.Attempts, a.RetryDelay.TotalSeconds);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    private string Describe(Call call, CallFault fault)
    {
        var place = $"{call.What} failed ({call.Route} at {call.Place ?? _options.BaseUrl.Authority})";
        var times = call.MayRepeat && fault.IsPassing && _options.Attempts > 1 && !(fault.RetryAfter > _options.MaxRetryAfter)
            ? $" after {_options.Attempts} attempts" : "";
        var remedy = fault.RetryAfter > _options.MaxRetryAfter
            ? string.Create(CultureInfo.InvariantCulture, $"The provider asks to wait {fault.RetryAfter:g}: a quota is spent; run again after that.")
            : Remedy.For(fault.StatusCode, call);
        return $"{place}{times}: {fault.Message}. {remedy}";
    }

    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out var ms)
            && ms is >= 0 and <= 86_400_000)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        var wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message.TrimEnd('.');
}
