using System.Diagnostics;
using System.Globalization;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Together;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Benchmarks;

/// <summary>Sends chat calls through the whole chain of a stage: read ahead in order, response store on disk, dispatcher, HTTP.</summary>
internal static class SendingBenchmark
{
    private const int MaxConcurrency = 64;
    private const double LatencySeconds = 0.2;

    public static async Task<int> RunAsync(int calls)
    {
        using var server = Start();
        var address = new Uri(await server.StandardOutput.ReadLineAsync() + "/v1");
        var folder = Directory.CreateTempSubdirectory("cfx-benchmark");
        try
        {
            await SendAsync(calls, address, folder.FullName);
            await server.StandardInput.WriteLineAsync();
            var told = (await server.StandardOutput.ReadLineAsync() ?? string.Empty).Split(' ');
            Say($"server: {told[0]} calls, {told[^1]} at once at most");
            await server.WaitForExitAsync();
            return told[0] == calls.ToString(CultureInfo.InvariantCulture) ? 0 : 1;
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }

            folder.Delete(recursive: true);
        }
    }

    private static async Task SendAsync(int calls, Uri address, string folder)
    {
        var time = TimeProvider.System;
        var options = new TogetherOptions("together", address, new ApiKey("benchmark-key")) { MaxConcurrency = MaxConcurrency };
        using var client = new TogetherClient(options, time, NullLogger<TogetherClient>.Instance);
        await using var store = ResponseStore.Open(new StoreOptions(Path.Combine(folder, "responses.db")), time, NullLogger.Instance);
        var origin = new CallOrigin("together benchmark", "process", "benchmark");
        var model = new StoredChatModel(client.ChatWith(new CallLimits(MaxConcurrency, TimeSpan.Zero), null), store, origin, time);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var started = time.GetTimestamp();
        var replies = OrderedParallel.SelectAsync(
            Enumerable.Range(0, calls).ToAsyncEnumerable(), MaxConcurrency, (i, token) => model.CompleteAsync(Request(i), token));
        var complete = await replies.CountAsync(r => r.Outcome == ChatOutcome.Complete);
        var wall = time.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        var ideal = (double)calls / MaxConcurrency * LatencySeconds;
        Say($"calls: {complete} of {calls} answered and stored");
        Say($"wall: {wall:0.00} s, ideal {ideal:0.00} s, ratio {wall / ideal:0.000} (goal 1.1)");
        Say($"cpu: {(process.TotalProcessorTime - cpu).TotalSeconds / calls * 1000:0.00} s per 1,000 calls (goal 2); {process.TotalProcessorTime.TotalSeconds:0.00} s in all");
        Say($"peak memory: {process.PeakWorkingSet64 / 1e6:0} MB (goal 150)");
    }

    private static ChatRequest Request(int number) => new(
        "org/model",
        [
            new Message(Roles.System, "You improve answers."),
            new Message(Roles.User, FormattableString.Invariant($"Question {number}. ") + string.Concat(Enumerable.Repeat("Some words of a conversation. ", 40))),
        ],
        0.3, 0.9, 1000, number);

    private static Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, "serve") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.Arguments = $"\"{typeof(SendingBenchmark).Assembly.Location}\" serve";
        }

        return Process.Start(start)!;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
