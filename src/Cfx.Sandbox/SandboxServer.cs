using System.Net;
using Cfx.Core;
using Cfx.Sandbox.Batches;
using Cfx.Sandbox.Chat;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Jobs;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.Serving;
using Cfx.Sandbox.State;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cfx.Sandbox;

/// <summary>An HTTP server on the loopback interface that speaks the Together wire and serves models that really train.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly StateFolder _folder;
    private readonly Ledger _ledger;
    private readonly JobStore _jobs;
    private readonly BatchStore _batches;
    private readonly BatchWorker _batchWorker;
    private readonly KestrelServer _kestrel;
    private readonly CancellationTokenSource _stop = new();
    private Task _working = Task.CompletedTask;
    private string _address = string.Empty;

    private SandboxServer(StateFolder folder, SandboxOptions options, IModelHost models, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _ledger = new Ledger(folder.Ledger);
        _jobs = new JobStore(folder, time);
        var files = new FileStore(folder, time, options.MaxFileBytes);
        var directory = new ModelDirectory(models, _jobs);
        var pacing = new JobPacing(options.StepsPerPoll, options.MinimumJobDuration, time);
        var prices = new PriceList(options.IsRehearsal);
        Worker = new JobWorker(_jobs, files, directory, pacing, new JobBilling(prices, directory, _ledger, time), time, logger);
        var fileRoutes = new FileRoutes(files, () => _address, options.FileProcessingPolls);
        var jobRoutes = new JobRoutes(_jobs, Worker, pacing, files, directory, new JobRequestReader(directory, files, fileRoutes.IsReady), prices);
        var serving = new ServingStore(folder, options.ServingStartTime, _ledger, time);
        var desk = new ServingDesk(options, serving, directory, _jobs);
        var engine = new ChatEngine(directory, desk, prices, time);
        var chatRoutes = new ChatRoutes(directory, _jobs, engine, desk, prices);
        _batches = new BatchStore(folder, time);
        var batchPacing = new BatchPacing(options.BatchPolls, options.MinimumBatchDuration, time);
        _batchWorker = new BatchWorker(_batches, files, engine, batchPacing, _ledger, time, logger);
        var batchRoutes = new BatchRoutes(_batches, _batchWorker, batchPacing, files);
        var servingRoutes = new ServingRoutes(serving, desk, directory, prices, time);
        var adminRoutes = new AdminRoutes(folder, serving);
        var limiter = options.RequestsPerSecond is { } rate
            ? new RateLimiter(rate, options.RateLimitBurst ?? (int)Math.Max(1, Math.Ceiling(rate)), time)
            : null;
        Gateway = new Gateway(
            [
                .. chatRoutes.All(), .. fileRoutes.All(), .. jobRoutes.All(), .. batchRoutes.All(), .. servingRoutes.All(),
                .. new CatalogRoutes(desk, directory, _jobs, prices, time).All(), .. new RoutedEndpointRoutes(serving, desk).All(),
                .. new DeploymentRoutes(serving, desk, prices).All(), .. adminRoutes.All(),
            ],
            new FaultInjector(options, time), limiter, options, _ledger, time, logger);

        // Kestrel by itself: a web application's host, configuration and container would cost most of the start-up time.
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Listen(new IPEndPoint(IPAddress.Loopback, options.Port), listen => listen.Protocols = HttpProtocols.Http1);
        _kestrel = new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    /// <summary>Where clients send their requests: <c>http://127.0.0.1:port/v1</c>.</summary>
    public string BaseUrl => _address + "/v1";

    internal JobWorker Worker { get; }

    internal Gateway Gateway { get; }

    /// <summary>Starts a server with the sandbox's own models. Jobs that an earlier server left unfinished go on.</summary>
    /// <exception cref="MisuseException">An option cannot be used, the state folder is held by another server, or the port is taken.</exception>
    public static Task<SandboxServer> StartAsync(SandboxOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        StartAsync(options, cache => new SandboxModelHost(cache, options.Judge), time, logger, cancellationToken);

    /// <summary>Whether a state folder holds a fine-tuning job and, once it has ended, its model. Needs no server and changes nothing.</summary>
    public static bool KnowsJob(string stateFolder, string jobId)
    {
        var name = Path.GetFileName(jobId);
        return File.Exists(Path.Combine(stateFolder, "jobs", name + ".json")) && File.Exists(Path.Combine(stateFolder, "models", name + ".model"));
    }

    /// <summary>Ends the server: requests under way are broken off, and a job under way is stored as it stands.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
        try
        {
            await _working;
        }
        catch (OperationCanceledException)
        {
            // How the worker ends.
        }

        _ledger.Dispose();
        _jobs.Dispose();
        _batches.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    internal static async Task<SandboxServer> StartAsync(
        SandboxOptions options, Func<string, IModelHost> models, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        options.Validate();
        var folder = StateFolder.Open(options.StateFolder);
        SandboxServer server;
        try
        {
            server = new SandboxServer(folder, options, models(folder.Cache), time, logger);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        try
        {
            await server._kestrel.StartAsync(server.Gateway, cancellationToken);
            server._address = server._kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
            folder.Announce(server.BaseUrl);
            server._working = Task.WhenAll(
                Task.Run(() => server.Worker.RunAsync(server._stop.Token), CancellationToken.None),
                Task.Run(() => server._batchWorker.RunAsync(server._stop.Token), CancellationToken.None));
            return server;
        }
        catch (IOException error)
        {
            await server.DisposeAsync();
            throw new MisuseException($"The sandbox cannot listen on port {options.Port}: {error.Message}", error);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
