using Cfx.Build.Composition.Planning;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Redaction;
using Cfx.Core.Training;
using Cfx.Together;
using Cfx.Together.Batch;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Providers;

/// <summary>The providers of this run, each reached when first needed: the embedded sandbox is started only by a stage that asks a model.</summary>
/// <param name="options">The run's options.</param>
/// <param name="root">The project's folder.</param>
/// <param name="variable">Reads the environment.</param>
/// <param name="money">Pays.</param>
/// <param name="time">For limits, waits and times.</param>
/// <param name="logging">Told what each call came to.</param>
/// <param name="stopping">The wish to stop the whole run: calls in flight then have seconds to come in.</param>
internal sealed class ProviderSession(
    OptionValues options, string root, Func<string, string?> variable, StudyMoney money, TimeProvider time, ILoggerFactory logging,
    CancellationToken stopping = default) : IAsyncDisposable
{
    private readonly ProviderRoles _roles = new(options, variable);
    private readonly ClientPool _clients = new(options, root, new ProviderKeys(variable), time, logging, stopping);
    private readonly Lock _opening = new();
    private ResponseStore? _store;
    private ServingSession? _serving;
    private bool _disposed;

    /// <summary>Whether the study's own provider is the sandbox, so that its files are marked.</summary>
    public bool IsSandbox => options.Provider == ProviderRole.Sandbox;

    /// <summary>Whether this run starts the sandbox for the study's own models.</summary>
    public bool IsEmbedded => Role("finetune").IsEmbedded;

    /// <summary>Whether no section's provider costs money.</summary>
    public bool IsFree => ProviderRoles.Sections.All(s => Role(s).IsFree);

    /// <summary>The provider that trains, as fingerprints and job records name it.</summary>
    public string Identity => Role("finetune").Identity;

    /// <summary>Serves the models that meet.</summary>
    public ServingSession Serving => _serving ??= new ServingSession(
        options, root, Role("respond"), Limits("respond"), token => _clients.ServerAsync(Role("respond"), token), time, logging)
    {
        Budget = () => IsFree ? null : money.Budget,
        LearnPricesAsync = async token => await OriginAsync("respond", token),
    };

    /// <summary>Who does a section's work.</summary>
    public ProviderRole Role(string section) => _roles.For(section);

    /// <summary>Who trains.</summary>
    /// <exception cref="MisuseException">The study's provider trains no models.</exception>
    public ProviderRole TrainingRole()
    {
        var role = Role("finetune");
        return role.Provider != ProviderRole.OpenAi ? role : throw new MisuseException(
            $"{role.Address!.Authority} is an OpenAI-compatible server, which this program does not train on. Train with --provider=together or --provider=sandbox, "
            + "and send rewriting and judging elsewhere with --process-provider=openai and --evaluate-provider=openai.");
    }

    /// <summary>Chat models, spaced and bounded as one section says; what was answered before comes from the response store.</summary>
    /// <param name="section">Whose calls they are.</param>
    /// <param name="cost">Told what each answer cost.</param>
    /// <param name="cancellationToken">Gives up reaching the provider.</param>
    public async Task<IChatModel> ChatAsync(string section, CostTally cost, CancellationToken cancellationToken)
    {
        var (server, origin) = await OriginAsync(section, mayAsk: true, cancellationToken);
        var chat = await Serving.WrapAsync(Role(section), server.Client.ChatWith(Limits(section), origin.Meter), origin.Meter, cancellationToken);
        var stored = new StoredChatModel(chat, Store(), origin, time) { Priced = cost.Add };
        return options.Redactor.IsEmpty ? stored : new RedactingChatModel(stored, options.Redactor);
    }

    /// <summary>What buys a section's answers by batch; an OpenAI-compatible server, whose batches have another form, is asked call by call.</summary>
    public async Task<BatchPrefetch> BatchesAsync(string section, IProgressSink progress, CancellationToken cancellationToken)
    {
        var (server, origin) = await OriginAsync(section, mayAsk: true, cancellationToken);
        var role = Role(section);
        var isFree = role.IsFree;
        var terms = new BatchTerms
        {
            MayBatch = _ => role.Provider != ProviderRole.OpenAi,
            MostUsd = request => money.MostByBatchUsd(request with { Model = Serving.PricedAs(request.Model) }, isFree),
            PriceUsd = (model, reply) => money.PriceByBatchUsd(Serving.PricedAs(model), reply, isFree),
            IsDearer = model => !isFree && money.IsDearerByBatch(Serving.PricedAs(model)),
            BudgetOf = money.BudgetOf,
        };
        return BatchPrefetching.Create(
            options, root, server.Client, Store(), origin, terms, (model, isTuned, token) => Serving.MayBatchAsync(role, model, isTuned, token), time, progress, logging);
    }

    /// <summary>The server that answers a section's calls, and what its answers are known by, as far as that is known without a paid call.</summary>
    public Task<(ProviderServer Server, CallOrigin Origin)> OriginAsync(string section, CancellationToken cancellationToken) =>
        OriginAsync(section, mayAsk: false, cancellationToken);

    private async Task<(ProviderServer Server, CallOrigin Origin)> OriginAsync(string section, bool mayAsk, CancellationToken cancellationToken)
    {
        var role = Role(section);
        var server = await _clients.ServerAsync(role, cancellationToken);
        if (!role.IsFree)
        {
            await money.LearnAsync(role.Provider, server.Client.Models, cancellationToken);
        }

        var origin = new CallOrigin(server.Identity, section, money.Study)
        {
            Meter = money.MeterFor(section, role.IsFree),
        };
        if (role.Provider != ProviderRole.OpenAi)
        {
            var tuned = new TunedModels(server.Client.FineTuning);
            origin = origin with
            {
                ModelIdentity = async (model, token) => await Serving.IdentityAsync(role, model, await tuned.IdentityAsync(model, token), mayAsk, token),
            };
        }

        return (server, origin);
    }

    /// <exception cref="MisuseException">The study's provider trains no models.</exception>
    public async Task<IFineTuningService> FineTuningAsync(CancellationToken cancellationToken) =>
        (await _clients.ServerAsync(TrainingRole(), cancellationToken)).Client.FineTuning;

    /// <summary>The files at the provider that trains.</summary>
    /// <exception cref="MisuseException">The study's provider trains no models.</exception>
    public async Task<TogetherFiles> FilesAsync(CancellationToken cancellationToken) =>
        (await _clients.ServerAsync(TrainingRole(), cancellationToken)).Client.Files;

    /// <summary>The models of the provider that does a section's work.</summary>
    public async Task<TogetherModels> ModelsAsync(string section, CancellationToken cancellationToken) =>
        (await _clients.ServerAsync(Role(section), cancellationToken)).Client.Models;

    /// <summary>Whether a model that is in no list answers all the same; asked for a single token.</summary>
    public async Task<bool> AnswersAsync(string section, string model, CancellationToken cancellationToken)
    {
        var (server, _) = await OriginAsync(section, cancellationToken);
        try
        {
            var probing = new ProbingChatModel(server.Client.Chat, Role(section).IsFree ? null : money.Budget, static m => m, time);
            await probing.CompleteAsync(new ChatRequest(model, [new Message(Roles.User, "Hi")], 0, 1, 1, null), cancellationToken);
            return true;
        }
        catch (ProviderException e) when (e.StatusCode is 400 or 403 or 404 or 422)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_serving is not null)
        {
            await _serving.DisposeAsync();
        }

        if (_store is not null)
        {
            var counts = _store.Counts;
            await _store.DisposeAsync();
            logging.CreateLogger<ResponseStore>().LogInformation(
                "Answers: {Hits} from the response store, {Asked} asked for, {Failed} calls without a usable reply", counts.Hits, counts.Asked, counts.Failed);
        }

        await _clients.DisposeAsync();
    }

    private ResponseStore Store()
    {
        lock (_opening)
        {
            return _store ??= ResponseStore.Open(StoreFile.Options(root), time, logging.CreateLogger<ResponseStore>());
        }
    }

    private CallLimits Limits(string section) => new(
        options.Catalog.Find(section, "max-concurrency") is null ? 4 : (int)options.WholeNumber(section, "max-concurrency"),
        TimeSpan.FromSeconds(options.Catalog.Find(section, "delay") is null ? 0 : options.Number(section, "delay")));
}
