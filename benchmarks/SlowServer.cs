using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Cfx.Benchmarks;

/// <summary>Answers every chat call after the same time, and tells how many were in flight at once.</summary>
internal static class SlowServer
{
    private const string Reply = """
        {"id":"c","object":"chat.completion","created":1700000000,"model":"m","prompt":[],"usage":{"prompt_tokens":300,"completion_tokens":200,"total_tokens":500},
         "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"TEXT"}}]}
        """;

    /// <summary>Writes its address as the only line and serves until the input ends.</summary>
    public static async Task<int> RunAsync(TimeSpan latency)
    {
        var body = Encoding.UTF8.GetBytes(Reply.Replace("TEXT", string.Concat(Enumerable.Repeat("A sentence of an answer. ", 40)), StringComparison.Ordinal));
        int inFlight = 0, most = 0, served = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            var now = Interlocked.Increment(ref inFlight);
            int seen;
            while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
            {
            }

            Interlocked.Increment(ref served);
            await context.Request.Body.CopyToAsync(Stream.Null);
            await Task.Delay(latency, TimeProvider.System);
            Interlocked.Decrement(ref inFlight);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadLineAsync();
        Console.WriteLine(FormattableString.Invariant($"{served} {most}"));
        await app.StopAsync();
        return 0;
    }
}
