using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Generation;
using Cfx.Core.Training;
using Cfx.Sandbox;
using Cfx.Together;
using Cfx.Together.Batch;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition;

/// <summary>The provider of this run, reached when first needed: the embedded sandbox is started only by a stage that asks a model.</summary>
internal sealed class ProviderSession(
    OptionValues options, string root, string? key, TimeProvider time, ILoggerFactory logging) : IAsyncDisposable
{
    /// <summary>The name of the variable that holds the key; it is read from nowhere else.</summary>
    public const string KeyVariable = "TOGETHER_API_KEY";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly Dictionary<string, TogetherClient> _clients = [];
    private SandboxServer? _sandbox;
    private ResponseStore? _store;
    private string? _server;
    private bool _disposed;

    public bool IsSandbox => options.Provider == "sandbox";

    /// <summary>Whether this run starts the sandbox itself.</summary>
    public bool IsEmbedded => IsSandbox && options.TextOrNull("study", "base-url") is null;

    /// <summary>The provider as fingerprints name it: its address too where it is not the usual one.</summary>
    public string Identity => options.TextOrNull("study", "base-url") is { } url ? $"{options.Provider} {url}" : options.Provider;

    /// <summary>Refuses a run that would cost money: this version has no budget.</summary>
    public static void RequireFree(OptionValues options)
    {
        if (options.Provider != "sandbox")
        {
            throw new MisuseException(
                "A run on Together is not possible with this version: it has no budget yet. "
                + "Run it on the sandbox with --provider=sandbox.");
        }
    }

    /// <summary>Chat models, spaced and bounded as one section says; what was answered before comes from the response store.</summary>
    public async Task<IChatModel> ChatAsync(string section, CancellationToken cancellationToken)
    {
        var (client, origin) = await OriginAsync(section, cancellationToken);
        return new StoredChatModel(client.Chat, _store!, origin, time);
    }

    /// <summary>What buys a stage's answers by batch.</summary>
    public async Task<BatchPrefetch> BatchesAsync(string section, IProgressSink progress, CancellationToken cancellationToken)
    {
        var (client, origin) = await OriginAsync(section, cancellationToken);
        var terms = new BatchTerms { MostUsd = _ => IsSandbox ? 0 : null };
        return BatchPrefetching.Create(options, root, client, _store!, origin, terms, servesAll: IsSandbox, time, progress, logging);
    }

    private async Task<(TogetherClient Client, CallOrigin Origin)> OriginAsync(string section, CancellationToken cancellationToken)
    {
        var client = await ClientAsync(section, cancellationToken);
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _store ??= ResponseStore.Open(StoreFile.Options(root), time, logging.CreateLogger<ResponseStore>());
            _server ??= ServerIdentity.Of(
                options.Provider, client.BaseUrl, IsSandbox ? await client.Models.ContentVersionAsync(cancellationToken) : null);
        }
        finally
        {
            _starting.Release();
        }

        var study = options.Text("study", "name") + (IsSandbox ? StudyLayout.SandboxEnding : string.Empty);
        var origin = new CallOrigin(_server, section, study)
        {
            ModelIdentity = new TunedModels(client.FineTuning).IdentityAsync,
            Price = (_, _) => IsSandbox ? 0 : null,
        };
        return (client, origin);
    }

    public async Task<IFineTuningService> FineTuningAsync(CancellationToken cancellationToken) =>
        (await ClientAsync("finetune", cancellationToken)).FineTuning;

    public async Task<TogetherModels> ModelsAsync(CancellationToken cancellationToken) =>
        (await ClientAsync("finetune", cancellationToken)).Models;

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        if (_store is not null)
        {
            var counts = _store.Counts;
            await _store.DisposeAsync();
            logging.CreateLogger<ResponseStore>().LogInformation(
                "Answers: {Hits} from the response store, {Asked} asked for, {Failed} calls without a usable reply", counts.Hits, counts.Asked, counts.Failed);
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<TogetherClient> ClientAsync(string section, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_clients.TryGetValue(section, out var client))
            {
                return client;
            }

            var address = await AddressAsync(cancellationToken);
            var settings = new TogetherOptions(options.Provider, address, Key())
            {
                Delay = TimeSpan.FromSeconds(options.Catalog.Find(section, "delay") is null ? 0 : options.Number(section, "delay")),
                MaxConcurrency = options.Catalog.Find(section, "max-concurrency") is null ? 4 : (int)options.WholeNumber(section, "max-concurrency"),
                ProcessingInterval = IsSandbox ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(1),
                Seed = (ulong)options.WholeNumber("study", "seed"),
            };
            return _clients[section] = new TogetherClient(settings, time, logging.CreateLogger<TogetherClient>());
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        if (options.TextOrNull("study", "base-url") is { } given)
        {
            var address = new Uri(given);
            return IsSandbox && !address.IsLoopback
                ? throw new MisuseException($"--base-url is {given}, but a sandbox runs on this machine: give http://127.0.0.1:PORT/v1.")
                : address;
        }

        if (!IsSandbox)
        {
            return new Uri(TogetherOptions.DefaultBaseUrl);
        }

        _sandbox ??= await SandboxServer.StartAsync(
            SandboxSettings.From(options, root) with { Port = 0 }, time, logging.CreateLogger<SandboxServer>(), cancellationToken);
        return new Uri(_sandbox.BaseUrl);
    }

    // The sandbox takes any key, and must never be sent the real one. Keys are blotted out of every reply, so this is no word of any text.
    private ApiKey Key() => IsSandbox
        ? new ApiKey("any-key-will-do-for-the-sandbox")
        : new ApiKey(!string.IsNullOrWhiteSpace(key)
            ? key
            : throw new MisuseException($"No API key: set {KeyVariable} in the environment, or use --provider=sandbox."));
}
