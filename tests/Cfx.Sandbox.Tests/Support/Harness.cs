using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Sandbox.Tests.Support;

/// <summary>A server over fake models and a client that talks to it.</summary>
internal sealed class Harness : IAsyncDisposable
{
    public const string Key = "sk-marked-key-0123456789";

    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };

    private Harness(SandboxServer server)
    {
        Server = server;
        Client = new HttpClient(_handler) { BaseAddress = new Uri(server.BaseUrl + "/") };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public SandboxServer Server { get; }

    public HttpClient Client { get; }

    /// <summary>A new folder of the running test's own.</summary>
    public static string NewFolder()
    {
        var test = TestContext.CurrentContext.Test.ID;
        var root = Path.Combine(Path.GetTempPath(), "cfx-sandbox-tests", $"{Environment.ProcessId}-{test}");
        for (var i = 0; ; i++)
        {
            var folder = Path.Combine(root, $"{i}");
            if (!Directory.Exists(folder))
            {
                return Directory.CreateDirectory(folder).FullName;
            }
        }
    }

    public static async Task<Harness> StartAsync(
        string folder, Func<SandboxOptions, SandboxOptions>? change = null, TimeProvider? time = null, FakeModelHost? models = null)
    {
        var options = new SandboxOptions { StateFolder = folder };
        return new Harness(await SandboxServer.StartAsync(
            change?.Invoke(options) ?? options, _ => models ?? new FakeModelHost(), time ?? TimeProvider.System, NullLogger.Instance, CancellationToken.None));
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

    public async Task<JsonNode> PostAsync(string path, string json)
    {
        using var response = await Client.PostAsync(path, Json(json));
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(body)! : throw new HttpRequestException($"{(int)response.StatusCode}: {body}");
    }

    /// <summary>The status and the error object of a request that must fail.</summary>
    public async Task<(int Status, JsonNode Error)> FailAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : Json(json) };
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, (await ReadAsync(response))["error"]!);
    }

    /// <summary>Announces a file and sends its content to where the answer says.</summary>
    public async Task<string> UploadAsync(string content, string name = "train.jsonl", string purpose = "fine-tune")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["purpose"] = purpose, ["file_name"] = name, ["file_type"] = "jsonl" });
        using var announced = await Client.PostAsync("files", form);
        using var plain = new HttpClient();
        using var put = await plain.PutAsync(announced.Headers.Location, new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        put.EnsureSuccessStatusCode();
        return announced.Headers.GetValues("X-Together-File-Id").Single();
    }

    public static string TrainingLines(int count, string word = "answer") => string.Concat(Enumerable.Range(0, count).Select(i =>
        $$"""{"messages":[{"role":"user","content":"question {{i}}","weight":0},{"role":"assistant","content":"{{word}} {{i}}","weight":1}]}""" + "\n"));

    /// <summary>Asks until the job is over; each question lets a paced job go on.</summary>
    public async Task<JsonNode> FinishAsync(string jobId)
    {
        while (true)
        {
            var job = await GetAsync("fine-tunes/" + jobId);
            if (job["status"]!.GetValue<string>() is "completed" or "error" or "cancelled")
            {
                return job;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await Server.DisposeAsync();
    }
}
