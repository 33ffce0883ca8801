using System.Text.Json;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Together.Wire;

namespace Cfx.Together;

/// <summary>Chat models over the wire.</summary>
/// <remarks>Only stop and eos make an answer whole; any finish reason that is not known counts as cut off, so that no clipped text is learnt.
/// The finish reason "error" is the provider's failure and is asked again like one.</remarks>
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
        var body = Body(request);
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

    private static ChatCompletionRequest Body(ChatRequest request) => new()
    {
        Model = request.Model,
        Messages = [.. request.Messages.Select(m => new ChatMessage { Role = m.Role, Content = m.Content })],
        MaxTokens = request.MaxTokens,
        Temperature = request.Temperature,
        TopP = request.TopP,
        Seed = request.Seed,
    };

    private async Task<ChatReply> AttemptAsync(
        ChatRequest request, ChatCompletionRequest body, Dispatcher.Slot slot, CancellationToken cancellationToken)
    {
        // Asked last, with the turn in hand: what is set aside is sent.
        var charge = _meter?.Open(request);
        try
        {
            var response = await _api.ChatAsync(body, cancellationToken);
            if (RateLimit.Read(response.ResponseMessage.Headers, _time.GetUtcNow()) is { } limit)
            {
                slot.Heed(limit);
            }

            var reply = Read(_policy.Read(response, Malformed));
            Take(ref charge)?.Settle(reply);
            return reply;
        }
        catch (Exception e) when (e is CallFault { IsFree: true }
            || e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError })
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

    private static ICallCharge? Take(ref ICallCharge? charge)
    {
        var taken = charge;
        charge = null;
        return taken;
    }

    private ChatReply Read(ChatCompletion reply)
    {
        var choice = reply.Choices![0];
        var content = Text(choice.Message!.Content);
        var finish = choice.FinishReason ?? "";
        return new ChatReply(
            Outcome(finish, content, choice.Message.Refusal),
            content,
            finish,
            WireTime.FromUnix(reply.Created) ?? _time.GetUtcNow(),
            (int?)reply.Usage?.PromptTokens,
            (int?)reply.Usage?.CompletionTokens)
        {
            RequestId = reply.Id,
        };
    }

    private static ChatOutcome Outcome(string finish, string content, string? refusal)
    {
        var word = finish.ToLowerInvariant();
        return word switch
        {
            "content_filter" or "safety" or "refusal" => ChatOutcome.Refused,
            _ when !string.IsNullOrWhiteSpace(refusal) => ChatOutcome.Refused,
            "length" or "max_tokens" => ChatOutcome.CutOff,
            _ when string.IsNullOrWhiteSpace(content) => ChatOutcome.Empty,
            "stop" or "eos" => ChatOutcome.Complete,
            _ => ChatOutcome.CutOff,
        };
    }

    private static string? Malformed(ChatCompletion reply) =>
        reply.Choices is not [{ Message: not null } first, ..] ? "it has no choice with a message"
        : string.Equals(first.FinishReason, "error", StringComparison.OrdinalIgnoreCase) ? "the model ended with an error"
        : !IsText(first.Message.Content) ? "its text is not valid Unicode"
        : null;

    private static bool IsText(JsonElement content)
    {
        try
        {
            Text(content);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    private static string Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(PartText)),
        _ => "",
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : "";
}
