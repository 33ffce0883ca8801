using Cfx.Core.Generation;
using Cfx.Together.Wire;

namespace Cfx.Together;

/// <summary>Chat models over the wire.</summary>
public sealed class TogetherChatModel : IChatModel
{
    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;
    private readonly TogetherModels _models;
    private readonly TimeProvider _time;

    internal TogetherChatModel(ITogetherApi api, CallPolicy policy, TogetherModels models, TimeProvider time)
    {
        _api = api;
        _policy = policy;
        _models = models;
        _time = time;
    }

    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = ChatBody.Of(request);
        var call = new Call($"The chat call to '{request.Model}'", "POST /chat/completions")
        {
            IsDispatched = true,
            NotFoundRemedy = "Check the model's name.",
        };
        ChatCompletion reply;
        try
        {
            reply = await _policy.SendAsync(call, t => _api.ChatAsync(body, t), ChatBody.Malformed, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            var nearest = await _models.RemedyAsync(request.Model, fineTunable: false, cancellationToken);
            throw new ProviderException($"{e.Message} {nearest}".TrimEnd(), 404);
        }

        return ChatBody.Read(reply, _time.GetUtcNow());
    }
}
