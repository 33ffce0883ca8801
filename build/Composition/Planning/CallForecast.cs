using Cfx.Build.Composition.Providers;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Together.Store;

namespace Cfx.Build.Composition.Planning;

/// <summary>Counts the calls of a stage ahead, and what they come to.</summary>
/// <param name="run">The study.</param>
/// <param name="providers">Tells which answers a key stands for.</param>
/// <param name="money">Tells prices.</param>
/// <param name="store">Tells which answers are there, and what calls came to so far.</param>
internal sealed class CallForecast(StudyRun run, ProviderSession providers, StudyMoney money, StoreMaintenance store)
{
    private const double AssumedLatency = 5;
    private readonly IReadOnlyList<ModelUsage> _usage = store.Usage();
    private readonly Dictionary<string, CallOrigin?> _origins = new(StringComparer.Ordinal);

    /// <summary>Why answers in the store could not be counted; null when they could.</summary>
    public string? NotLookedUp { get; private set; }

    /// <summary>The prices that hold for this run.</summary>
    public PriceBook Prices => providers.IsFree ? PriceBook.Free : money.Budget.Prices;

    /// <summary>Tokens of a model's prompts.</summary>
    public TokenEstimate TokensOf(string model)
    {
        var usage = _usage.Where(u => u.Model == model).ToList();
        return TokenEstimate.Measured(usage.Sum(u => u.Answers), usage.Sum(u => u.PromptTokens), usage.Sum(u => u.PromptCharacters));
    }

    /// <summary>One target's calls.</summary>
    /// <param name="target">The target.</param>
    /// <param name="section">The section whose settings its calls have.</param>
    /// <param name="pricedAs">The model that prices and figures are known by; the request's own, or for a tuned model its base.</param>
    /// <param name="requests">What it asks, or a sample of it.</param>
    /// <param name="scale">What share of the requests will be made; null when they are just those.</param>
    /// <param name="assumed">Tokens of an answer where none was measured, with what that rests on.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<PlanLine> LineAsync(
        string target, string section, string pricedAs, IAsyncEnumerable<ChatRequest> requests, decimal? scale, (decimal Tokens, string Why) assumed,
        CancellationToken cancellationToken)
    {
        var origin = await OriginAsync(section, cancellationToken);
        var tokens = TokensOf(pricedAs);
        long seen = 0, stored = 0, prompt = 0;
        await foreach (var request in requests.WithCancellation(cancellationToken))
        {
            seen++;
            if (scale is null && origin is not null && store.Holds(await KeyAsync(origin, request, cancellationToken)))
            {
                stored++;
                continue;
            }

            prompt += tokens.Prompt(request);
        }

        var calls = scale is { } s ? (long)Math.Ceiling(seen * s) : seen;
        var output = OutputEstimate.Of(
            [.. _usage.Where(u => u.Model == pricedAs && u.Stage == section)], run.Options.WholeNumber(section, "max-tokens"), assumed.Tokens, assumed.Why);
        var isMeasured = !ReferenceEquals(tokens, TokenEstimate.Assumed);
        var read = (isMeasured ? new PlanRange(0.9m, 1, 1.1m) : new PlanRange(0.8m, 1, 1.3m)).Times(prompt * (scale ?? 1));
        var written = output.Tokens.Times(calls - stored);
        var isDone = calls == stored;
        return new PlanLine(target, pricedAs, calls, $"{(scale is null ? "calls counted" : "calls estimated from the data")}; tokens {tokens.Method}; {output.Method}")
        {
            Model = pricedAs,
            Stored = scale is null && origin is not null ? stored : null,
            TokensIn = read,
            TokensOut = written,
            Usd = isDone ? PlanRange.Zero : Price(Prices.Chat(pricedAs), read, written),
            BatchUsd = isDone ? PlanRange.Zero : Price(Prices.Batch(pricedAs), read, written),
            PriceSource = Prices.SourceOf(pricedAs),
            Time = TimeFor(section, pricedAs, calls - stored),
        };
    }

    /// <summary>How long calls take when they are answered at once.</summary>
    public TimeSpan TimeFor(string section, string model, long calls)
    {
        var usage = _usage.Where(u => u.Model == model && u.Stage == section).ToList();
        var answers = usage.Sum(u => u.Answers);
        var latency = answers > 0 ? usage.Sum(u => u.MeanSeconds * u.Answers) / answers : providers.IsFree ? 0.01 : AssumedLatency;
        var delay = run.Options.Catalog.Find(section, "delay") is null ? 0 : run.Options.Number(section, "delay");
        return TimeSpan.FromSeconds(calls * Math.Max(delay, latency / run.Concurrency(section)));
    }

    private static PlanRange? Price(TokenPrice? price, PlanRange read, PlanRange written) =>
        price is null ? null : read.Times(price.InputUsd / 1_000_000) + written.Times(price.OutputUsd / 1_000_000);

    private static async Task<string> KeyAsync(CallOrigin origin, ChatRequest request, CancellationToken cancellationToken) => ResponseKey.Of(
        origin.Server, await origin.ModelIdentity(request.Model, cancellationToken), ResponseKey.Canonical(request));

    private async Task<CallOrigin?> OriginAsync(string section, CancellationToken cancellationToken)
    {
        if (_origins.TryGetValue(section, out var known))
        {
            return known;
        }

        try
        {
            var (_, origin) = await providers.OriginAsync(section, cancellationToken);
            var identities = new Dictionary<string, string?>(StringComparer.Ordinal);
            var ask = origin.ModelIdentity;
            return _origins[section] = origin with
            {
                // Once for each model: the plan asks one request after another.
                ModelIdentity = async (model, token) => identities.TryGetValue(model, out var identity) ? identity : identities[model] = await ask(model, token),
            };
        }
        catch (CfxException e)
        {
            NotLookedUp = e.Message;
            return _origins[section] = null;
        }
    }
}
