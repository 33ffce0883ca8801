using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests;

/// <summary>A server that speaks OpenAI's chat wire and rewrites answers so that neither method is better: whatever it is asked, it passes the
/// user's last question alone on to the sandbox, which draws each method an answer of its own from the same model. Asked to use feedback, it
/// declines every other question.</summary>
internal sealed partial class StandInImprover : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _sandbox;

    private StandInImprover(WebApplication app, HttpClient sandbox) => (_app, _sandbox) = (app, sandbox);

    public Uri BaseUrl => new(new Uri(_app.Urls.First()), "v1");

    /// <param name="sandbox">The sandbox's address, without the version.</param>
    public static async Task<StandInImprover> StartAsync(Uri sandbox)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var client = new HttpClient { BaseAddress = sandbox };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "any-key-0123456789");
        var server = new StandInImprover(app, client);
        app.MapPost("/v1/chat/completions", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _sandbox.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        var prompt = (string)request["messages"]!.AsArray()[^1]!["content"]!;
        var conversation = Conversation().Match(prompt);
        var usesFeedback = conversation.Success;
        var question = usesFeedback ? conversation.Groups["text"].Value.Split("[user]\n")[^1] : prompt;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(usesFeedback && Hash(question) % 2 == 0
            ? """{"id":"declined","created":1700000000,"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"N/A"}}]}"""
            : await DrawAsync(question, usesFeedback ? "feedback" : "alternative"));
    }

    private async Task<string> DrawAsync(string question, string method)
    {
        var body = new JsonObject
        {
            ["model"] = "sandbox/large",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
            ["max_tokens"] = 1000,
            ["temperature"] = 0.7,
            ["seed"] = Hash(method + question),
        };
        using var reply = await _sandbox.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        return await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static int Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[0];

    [GeneratedRegex("""<conversation id="(?<id>\w{8})">\n(?<text>.*?)\n</conversation id="\k<id>">""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Conversation();
}
