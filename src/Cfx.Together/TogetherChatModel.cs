using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Together.Wire;

namespace Cfx.Together;

/// <summary>Chat models over the wire.</summary>
public sealed class TogetherChatModel : IChatModel
{
    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;
    private readonly TogetherModels _models;
    private readonly Lane _lane;
    private readonly ICallMeter? _meter;
    private readonly TimeProvider _time;

    internal TogetherChatModel(ITogetherApi api, CallPolicy policy, TogetherModels models, Lane lane, ICallMeter? meter, TimeProvider time)
    {
        _api = api;
        _policy = policy;
        _models = models;
        _lane = lane;
        _meter = meter;
        _time = time;
    }

    /// <exception cref="ProviderException">No usable reply to this call.</exception>
    /// <exception cref="Core.StageFailedException">No call makes sense any more: the key or the account is refused, a quota is spent, or nearly all
    /// calls failed for one reason.</exception>
    /// <exception cref="BudgetReachedException">The meter allows no further attempt.</exception>
    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = ChatBody.Of(request);
        var call = new Call($"The chat call to '{request.Model}'", "POST /chat/completions")
        {
            Lane = _lane,
            NotFoundRemedy = "Check the model's name.",
        };
        try
        {
            var reply = await _policy.RunAsync(call, (slot, token) => AttemptAsync(request, body, slot!, token), cancellationToken);
            _lane.Good();
            return reply;
        }
        catch (ProviderException e)
        {
            var fault = e;
            if (e.StatusCode == 404)
            {
                var nearest = await _models.RemedyAsync(request.Model, fineTunable: false, cancellationToken);
                fault = new ProviderException($"{e.Message} {nearest}".TrimEnd(), 404);
            }

            _lane.Failed(fault);
            throw fault;
        }
    }

    private async Task<ChatReply> AttemptAsync(
        ChatRequest request, ChatCompletionRequest body, Dispatcher.Slot slot, CancellationToken cancellationToken)
    {
        // Asked last, with the turn in hand: what is set aside is sent.
        var charge = _meter is null ? null : await _meter.OpenAsync(request, cancellationToken);
        try
        {
            var response = await _api.ChatAsync(body, cancellationToken);
            if (RateLimit.Read(response.ResponseMessage.Headers, _time.GetUtcNow()) is { } limit)
            {
                slot.Heed(limit);
            }

            var reply = ChatBody.Read(_policy.Read(response, ChatBody.Malformed), _time.GetUtcNow());
            Take(ref charge)?.Settle(reply);
            return reply;
        }
        catch (Exception e) when (e is CallFault { IsFree: true } || WasNeverSent(e))
        {
            Take(ref charge)?.Release();
            throw;
        }
        finally
        {
            // Lost, broken, timed out or abandoned: the provider may have done the work.
            charge?.Unclear();
        }
    }

    // A connection that could not be made in time ends as a cancellation caused by a timeout; the attempt's own timeout has no such cause.
    private static bool WasNeverSent(Exception e) => e
        is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        or OperationCanceledException { InnerException: TimeoutException };

    private static ICallCharge? Take(ref ICallCharge? charge)
    {
        var taken = charge;
        charge = null;
        return taken;
    }
}
