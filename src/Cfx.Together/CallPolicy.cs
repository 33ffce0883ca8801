using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cfx.Core;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using RestEase;

namespace Cfx.Together;

/// <summary>Sends calls: in turn, again when that is worth it, and with every failure turned into one line without a request in it.</summary>
internal sealed partial class CallPolicy
{
    private static readonly ResiliencePropertyKey<Call> CallKey = new("call");
    private readonly TogetherOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly ResiliencePipeline _repeated;

    public CallPolicy(TogetherOptions options, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        _stopping = stopping;
        _options = options;
        _time = time;
        _logger = logger;
        _repeated = options.Attempts == 1 ? ResiliencePipeline.Empty : Build();
    }

    /// <summary>Sends a call whose reply has a JSON body.</summary>
    /// <param name="call">What it is.</param>
    /// <param name="send">Sends one attempt.</param>
    /// <param name="malformed">Says what a body lacks that makes it unusable; null accepts every body.</param>
    /// <param name="cancellationToken">Gives up: at once, or after the grace that a paid call has.</param>
    /// <exception cref="ProviderException">No usable reply.</exception>
    public Task<T> SendAsync<T>(
        Call call, Func<CancellationToken, Task<Response<T>>> send, Func<T, string?>? malformed, CancellationToken cancellationToken) =>
        RunAsync(call, async token => Read(await send(token), malformed), cancellationToken);

    /// <summary>Runs a call whose one attempt is given whole; it reports trouble by <see cref="RequireSuccess"/> or a <see cref="CallFault"/>.</summary>
    public Task<T> RunAsync<T>(Call call, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        RunAsync(call, (_, token) => attempt(token), cancellationToken);

    /// <summary>Deletes something; whatever the reply's body says. What is gone after a lost reply was deleted.</summary>
    public Task DeleteAsync(Call call, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var again = false;
        return RunAsync(call, async token =>
        {
            var isFirst = !again;
            again = true;
            using var response = await send(token);
            if (isFirst || response.StatusCode != HttpStatusCode.NotFound)
            {
                RequireSuccess(response, await response.Content.ReadAsStringAsync(token));
            }

            return true;
        }, cancellationToken);
    }

    /// <summary>Runs a chat call, whose attempts know their turn, or another, whose turn is null.</summary>
    /// <exception cref="StageFailedException">The lane was stopped: every further call would fail for the same reason.</exception>
    public async Task<T> RunAsync<T>(Call call, Func<Dispatcher.Slot?, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using var either = call.Lane is { } lane ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lane.Stopped) : null;
        var context = ResilienceContextPool.Shared.Get(either?.Token ?? cancellationToken);
        context.Properties.Set(CallKey, call);
        try
        {
            var pipeline = call.MayRepeat ? _repeated : ResiliencePipeline.Empty;
            return await pipeline.ExecuteAsync(
                async (c, state) => await AttemptAsync(state.call, state.attempt, c.CancellationToken), context, (call, attempt));
        }
        catch (CallFault fault)
        {
            throw Final(call, fault, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && call.Lane?.StopReason is { } reason)
        {
            throw new StageFailedException(reason);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The content of a reply.</summary>
    /// <exception cref="CallFault">The status is not one of success, or the body is unusable.</exception>
    public T Read<T>(Response<T> response, Func<T, string?>? malformed)
    {
        using var message = response.ResponseMessage;
        RequireSuccess(message, response.StringContent);
        T content;
        string? lack;
        try
        {
            // Parsed here, inside the attempt, so that a broken body is one more reason to send again.
            content = response.GetContent();
            lack = malformed?.Invoke(content);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new CallFault($"the reply's body cannot be read ({_options.Redact(e.Message)})", null, isPassing: true);
        }

        return lack is null ? content : throw new CallFault($"the reply's body is unusable ({lack})", null, isPassing: true);
    }

    /// <summary>Throws the fault that an unsuccessful status stands for.</summary>
    public void RequireSuccess(HttpResponseMessage response, string? body)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var status = (int)response.StatusCode;
        var words = ErrorBody.Words(body, _options);
        var id = response.Headers.TryGetValues("x-request-id", out var ids) ? $" (request {_options.Redact(string.Join(',', ids))})" : "";
        var retryAfter = RetryAfter(response.Headers);
        throw new CallFault(
            $"HTTP {status}{(words.Length > 0 ? $": \"{words}\"" : "")}{id}", status, status is 408 or 409 or 425 or 429 or >= 500, retryAfter)
        {
            IsQuota = retryAfter > _options.MaxRetryAfter || (status == 429 && Daily().IsMatch(words)),

            // A gateway's page says nothing of what became of the call behind it.
            IsFree = status < 500 || ErrorBody.IsReadable(body),
        };
    }

    private async Task<T> AttemptAsync<T>(Call call, Func<Dispatcher.Slot?, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using var slot = call.Lane is { } lane ? await lane.Dispatcher.EnterAsync(lane.Limits, cancellationToken) : null;
        cancellationToken.ThrowIfCancellationRequested();
        _stopping.ThrowIfCancellationRequested();
        using var limit = new AttemptLimit(
            call.Timeout ?? _options.RequestTimeout,
            call.HasGrace ? _options.Grace : TimeSpan.Zero,
            _time,
            call.HasGrace && _stopping.CanBeCanceled ? _stopping : cancellationToken);
        try
        {
            var result = await attempt(slot, limit.Token);
            slot?.Good();
            return result;
        }
        catch (CallFault fault)
        {
            slot?.Refused(fault.StatusCode, fault.IsQuota ? null : fault.RetryAfter);
            throw;
        }
        catch (OperationCanceledException) when (limit.IsOver)
        {
            throw new CallFault(string.Create(CultureInfo.InvariantCulture, $"no reply within {limit.Longest.TotalSeconds:0.#} s"), null, isPassing: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !limit.IsAbandoned)
        {
            throw new CallFault("the connection was given up", null, isPassing: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ApiException)
        {
            throw new CallFault(_options.Redact(Innermost(e)), null, isPassing: true);
        }
    }

    private Exception Final(Call call, CallFault fault, CancellationToken cancellationToken)
    {
        // A call that failed while the run was being stopped is not one that failed.
        cancellationToken.ThrowIfCancellationRequested();
        _stopping.ThrowIfCancellationRequested();

        // The fault stays behind: nothing of the request may travel with an exception.
        var words = Describe(call, fault);
        return call.Lane is { } lane && (lane.StopReason is not null || fault.IsQuota || fault.StatusCode is 401 or 402)
            ? lane.Stop(words)
            : new ProviderException(words, fault.StatusCode);
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
                    a.Outcome.Exception is CallFault { IsPassing: true, IsQuota: false }),

                // A wish for less than the usual wait is granted by the dispatcher's pause; the attempts must not all be spent within it.
                DelayGenerator = a => ValueTask.FromResult(
                    (a.Outcome.Exception as CallFault)?.RetryAfter is { } asked && asked >= _options.RetryDelay ? asked : (TimeSpan?)null),
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
        var times = call.MayRepeat && fault is { IsPassing: true, IsQuota: false } && _options.Attempts > 1 ? $" after {_options.Attempts} attempts" : "";
        var remedy = !fault.IsQuota ? Remedy.For(fault.StatusCode, call, _options.KeyVariable)
            : fault.RetryAfter > _options.MaxRetryAfter
            ? string.Create(CultureInfo.InvariantCulture, $"The provider asks to wait {fault.RetryAfter:g}: a quota is spent; run again after that.")
            : "The day's quota is spent: run again when it is renewed, or ask the provider for a larger one.";
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

    [GeneratedRegex(@"\b(daily|(per|a|each)[ -]day|24[ -]?h(ours?)?)\b|/\s?day\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Daily();

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message.TrimEnd('.');
}
