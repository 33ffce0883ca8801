using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Sandbox;
using Cfx.Together;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Providers;

/// <summary>The servers of this run, each reached when first needed and shared by all roles that it has.</summary>
internal sealed class ClientPool(OptionValues options, string root, ProviderKeys keys, TimeProvider time, ILoggerFactory logging, CancellationToken stopping) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly Dictionary<string, ProviderServer> _servers = new(StringComparer.Ordinal);
    private SandboxServer? _sandbox;

    /// <exception cref="MisuseException">There is no key, the address is not encrypted, or a sandbox answers where Together should.</exception>
    public async Task<ProviderServer> ServerAsync(ProviderRole role, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_servers.TryGetValue(role.Identity, out var server))
            {
                server = await ReachAsync(role, cancellationToken);
                _servers.Add(role.Identity, server);
            }

            return server;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            server.Client.Dispose();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<ProviderServer> ReachAsync(ProviderRole role, CancellationToken cancellationToken)
    {
        var address = role.Address ?? await StartSandboxAsync(cancellationToken);
        var settings = new TogetherOptions(role.Provider, address, keys.For(role))
        {
            // For the connections; each stage brings its own limits.
            MaxConcurrency = ProviderRoles.Sections
                .Where(s => options.Catalog.Find(s, "max-concurrency") is not null)
                .Max(s => (int)options.WholeNumber(s, "max-concurrency")),
            ProcessingInterval = role.IsSandbox ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(1),
            Seed = (ulong)options.WholeNumber("study", "seed"),
            WandbKey = role.Provider == ProviderRole.Together ? keys.ForWandb() : null,
        };
        if (role is { Provider: ProviderRole.Together, IsUsualAddress: false })
        {
            await RefuseSandboxAsync(settings, cancellationToken);
        }

        var client = new TogetherClient(settings, time, logging.CreateLogger<TogetherClient>(), stopping);
        try
        {
            var version = role.IsSandbox ? await client.Models.ContentVersionAsync(cancellationToken) : null;
            return new ProviderServer(client, settings, ServerIdentity.Of(role.Provider, client.BaseUrl, version));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task<Uri> StartSandboxAsync(CancellationToken cancellationToken)
    {
        _sandbox ??= await SandboxServer.StartAsync(
            SandboxSettings.From(options, root) with { Port = 0 }, time, logging.CreateLogger<SandboxServer>(), cancellationToken);
        return new Uri(_sandbox.BaseUrl);
    }

    /// <summary>Asks, with a key that opens nothing, whether a sandbox serves there: its answers must not pass for Together's, nor may it see the key.</summary>
    private async Task RefuseSandboxAsync(TogetherOptions settings, CancellationToken cancellationToken)
    {
        var quick = settings with { Key = ProviderKeys.Sandbox, WandbKey = null, Attempts = 1, RequestTimeout = TimeSpan.FromSeconds(20) };
        using var client = new TogetherClient(quick, time, logging.CreateLogger<TogetherClient>());
        string? version;
        try
        {
            version = await client.Models.ContentVersionAsync(cancellationToken);
        }
        catch (ProviderException)
        {
            // It wants a real key, knows no such call or cannot be reached: no sandbox, or the first real call tells.
            return;
        }

        if (version is not null)
        {
            throw new MisuseException(
                $"{settings.BaseUrl} is a sandbox, but the provider is together, so its answers would pass for Together's. "
                + "Use --provider=sandbox, or give Together's address.");
        }
    }
}
