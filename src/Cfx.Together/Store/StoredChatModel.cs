using System.Collections.Concurrent;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Store;

/// <summary>A chat model that is asked each question once: an answer is on disk before anyone sees it, and from then on comes from there, with the
/// time at which it was first made.</summary>
/// <param name="inner">Asked for what the store does not hold.</param>
/// <param name="store">Shared by all models of a run.</param>
/// <param name="origin">Who <paramref name="inner"/> is and what its answers are for.</param>
/// <param name="time">Tells when calls were sent and answered.</param>
public sealed class StoredChatModel(IChatModel inner, ResponseStore store, CallOrigin origin, TimeProvider time) : IChatModel
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _identities = new(StringComparer.Ordinal);

    /// <summary>Told what each reply that is handed out cost when it was bought, in US dollars; null for not known.</summary>
    public Action<decimal?> Priced { get; init; } = static _ => { };

    /// <exception cref="ProviderException">No answer could be had.</exception>
    /// <exception cref="StageFailedException">The store cannot be used; nothing is asked that could not be kept.</exception>
    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var identity = await IdentityAsync(request.Model, cancellationToken);
        var canonical = ResponseKey.Canonical(request);
        var key = ResponseKey.Of(origin.Server, identity, canonical);
        while (true)
        {
            if (Find(key, canonical) is { } hit)
            {
                store.CountHit();
                Priced(hit.PriceUsd);
                return hit.Reply;
            }

            var mine = new TaskCompletionSource<StoredAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = store.UnderWay.GetOrAdd(key, mine);
            if (first == mine)
            {
                return await LeadAsync(mine, new Question(key, identity, canonical, request), cancellationToken);
            }

            try
            {
                var answer = await first.Task.WaitAsync(cancellationToken);
                store.CountHit();
                Priced(answer.PriceUsd);
                return answer.Reply;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever asked has left; the question stands.
            }
        }
    }

    private async Task<ChatReply> LeadAsync(TaskCompletionSource<StoredAnswer> mine, Question question, CancellationToken cancellationToken)
    {
        try
        {
            // Between the first look and now another caller may have led and ended.
            var answer = Find(question.Key, question.Canonical);
            if (answer is null)
            {
                answer = await AskAsync(question, cancellationToken);
            }
            else
            {
                store.CountHit();
            }

            Leave(mine, question.Key).SetResult(answer);
            Priced(answer.PriceUsd);
            return answer.Reply;
        }
        catch (OperationCanceledException)
        {
            Leave(mine, question.Key).SetCanceled(CancellationToken.None);
            throw;
        }
        catch (Exception e)
        {
            Leave(mine, question.Key).SetException(e);
            // Nobody may be waiting.
            _ = mine.Task.Exception;
            throw;
        }
    }

    private async Task<StoredAnswer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var model = question.Request.Model;
        if (store.GivenUp(question.Key, model) is { } why)
        {
            throw why;
        }

        await store.RequireWritableAsync();
        var sent = time.GetUtcNow();
        ChatReply reply;
        try
        {
            reply = await inner.CompleteAsync(question.Request, cancellationToken);
        }
        catch (ProviderException e)
        {
            await store.AddFailureAsync(new FailedCall(
                question.Key, origin.Server, origin.Stage, origin.Study, model, e.Message, e.StatusCode, time.GetUtcNow()));
            throw;
        }
        catch (BudgetReachedException) when (origin.Meter is not null)
        {
            // Others of this run are paid for and on their way; whoever hears of this will stop them.
            await origin.Meter.WhenQuietAsync(cancellationToken);
            throw;
        }

        // From here on the answer is paid for: it is stored even if the run is being stopped.
        var answer = new StoredAnswer
        {
            Key = question.Key,
            Server = origin.Server,
            ModelIdentity = question.Identity,
            Stage = origin.Stage,
            Study = origin.Study,
            Model = model,
            Request = question.Canonical,
            Reply = reply with { CreatedAt = reply.CreatedAt.ToUniversalTime() },
            PriceUsd = origin.Meter is { } meter ? meter.PriceUsd(question.Request, reply) : origin.Price(model, reply),
            SentAt = sent,
            AnsweredAt = time.GetUtcNow(),
        };
        return origin.Meter is null ? await store.AddAsync(answer) : await origin.Meter.StoreAsync(store, answer);
    }

    private StoredAnswer? Find(string key, string canonical)
    {
        var found = store.Find(key);
        return found is null || string.Equals(found.Request, canonical, StringComparison.Ordinal)
            ? found
            : throw new StageFailedException($"The response store is damaged: the request of row {key} is not the one that its key stands for. Run the target Store with --store-verify.");
    }

    private TaskCompletionSource<StoredAnswer> Leave(TaskCompletionSource<StoredAnswer> mine, string key)
    {
        store.UnderWay.TryRemove(new KeyValuePair<string, TaskCompletionSource<StoredAnswer>>(key, mine));
        return mine;
    }

    private async Task<string?> IdentityAsync(string model, CancellationToken cancellationToken)
    {
        // Looking it up outlives the call that began it, since others wait for the same.
        var lookup = _identities.GetOrAdd(model, m => new Lazy<Task<string?>>(() => origin.ModelIdentity(m, CancellationToken.None)));
        try
        {
            return await lookup.Value.WaitAsync(cancellationToken);
        }
        catch when (lookup.Value.IsFaulted)
        {
            _identities.TryRemove(new KeyValuePair<string, Lazy<Task<string?>>>(model, lookup));
            throw;
        }
    }

    private sealed record Question(string Key, string? Identity, string Canonical, ChatRequest Request);
}
