using System.Collections.Concurrent;
using Cfx.Core.Tests;
using Cfx.Sandbox;
using Cfx.Together;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Contract.Tests.Recording;

/// <summary>Everything that the client can ask, and everything that the sandbox can answer, once over the wire.</summary>
internal static class Session
{
    public const string Key = "contract-key-0123456789";

    private static readonly FaultKind[] AnsweredFaults = [FaultKind.ServerError, FaultKind.Unavailable, FaultKind.RateLimited];

    public static async Task<IReadOnlyList<Exchange>> RecordAsync()
    {
        using var folder = new TemporaryFolder();
        var exchanges = new ConcurrentQueue<Exchange>();
        var options = new SandboxOptions { StateFolder = folder["state"], FileProcessingPolls = 2, StepsPerPoll = 1, BatchPolls = 2, MaxFileBytes = 64 << 10 };
        await using (var server = await SandboxServer.StartAsync(options, TimeProvider.System, NullLogger.Instance, CancellationToken.None))
        {
            await using var proxy = await RecordingProxy.StartAsync(server.BaseUrl, exchanges);
            await using var withoutRedirects = await RecordingProxy.StartAsync(server.BaseUrl, exchanges, knowsRedirects: false);
            using var client = Client(proxy);
            using var other = Client(withoutRedirects);
            await new ClientCalls(client, other, folder).RunAsync();
            using var byHand = new HandCalls(proxy.BaseUrl);
            await byHand.RunAsync();
        }

        var rehearsal = new SandboxOptions { StateFolder = folder["rehearsal"], IsRehearsal = true, Serving = ServingWay.V1, ServingStartTime = TimeSpan.Zero };
        await using (var server = await SandboxServer.StartAsync(rehearsal, TimeProvider.System, NullLogger.Instance, CancellationToken.None))
        {
            await using var proxy = await RecordingProxy.StartAsync(server.BaseUrl, exchanges);
            using var byHand = new HandCalls(proxy.BaseUrl);
            await byHand.ServeAsync();
        }

        foreach (var kind in AnsweredFaults)
        {
            var faulty = new SandboxOptions { StateFolder = folder[kind.ToString()], FaultRate = 1, FaultKinds = [kind] };
            await using var server = await SandboxServer.StartAsync(faulty, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            await using var proxy = await RecordingProxy.StartAsync(server.BaseUrl, exchanges);
            using var byHand = new HandCalls(proxy.BaseUrl);
            await byHand.EveryRouteAsync();
        }

        return [.. exchanges];
    }

    // Waits are skipped; the limit of a request is longer than that, so that it never strikes.
    private static TogetherClient Client(RecordingProxy proxy) => new(
        new TogetherOptions("sandbox", proxy.BaseUrl, new ApiKey(Key)) { RequestTimeout = TimeSpan.FromMinutes(10) },
        new SkippingTime(TimeSpan.FromMinutes(5)),
        NullLogger<TogetherClient>.Instance);
}
