using Cfx.Core.Generation;

namespace Cfx.Together.Serving;

/// <summary>Asks models under the names at which they are served now, and starts them for their first call.</summary>
/// <remarks>Lies below the response store, whose keys keep the models' own names.</remarks>
/// <param name="direct">Asks models by their own name; paid by the token.</param>
/// <param name="endpoints">Asks v1 endpoints; paid by the minute.</param>
/// <param name="deployments">Asks v2 deployments; paid by the minute.</param>
/// <param name="serving">Brings models up; stays the caller's.</param>
/// <param name="isServed">Says which models are contestants; all others pass through.</param>
/// <param name="found">Told, before each call, by which way a contestant is asked: what the call costs depends on it.</param>
public sealed class ServedChatModel(
    IChatModel direct, IChatModel endpoints, IChatModel deployments, ModelServing serving, Func<string, CancellationToken, Task<bool>> isServed,
    Action<string, ServingWay> found) : IChatModel
{
    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!await isServed(request.Model, cancellationToken))
        {
            return await direct.CompleteAsync(request, cancellationToken);
        }

        var served = await serving.ServeAsync(request.Model, cancellationToken);
        found(request.Model, served.Way);
        if (served.Way is ServingWay.ByName)
        {
            return await direct.CompleteAsync(request, cancellationToken);
        }

        try
        {
            return await Server(served).CompleteAsync(request with { Model = served.Name }, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is 400 or 403 or 404 or 422 or 503)
        {
            // It may have stopped by itself: then it is started once more, and asked once more.
            if (await serving.StateAsync(request.Model, served, cancellationToken) is var state and not ServedState.Stopped)
            {
                throw Passing(e, state);
            }
        }

        served = await serving.ServeAsync(request.Model, cancellationToken);
        try
        {
            return await Server(served).CompleteAsync(request with { Model = served.Name }, cancellationToken);
        }
        catch (ProviderException e) when (ChatCall.IsRefusal(e.StatusCode))
        {
            throw Passing(e, await serving.StateAsync(request.Model, served, cancellationToken));
        }
    }

    // What a model refuses while it is not up speaks of the model, not of the request, and passes.
    private static ProviderException Passing(ProviderException refusal, ServedState state) =>
        state is ServedState.Ready || !ChatCall.IsRefusal(refusal.StatusCode) ? refusal : new ProviderException($"The model was not up: {refusal.Message}");

    private IChatModel Server(ServedName served) => served.Way is ServingWay.Deployment ? deployments : endpoints;
}
