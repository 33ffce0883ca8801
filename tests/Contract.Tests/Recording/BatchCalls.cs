using System.Text;
using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Recording;

/// <summary>Has the sandbox answer and refuse batches in every form.</summary>
/// <param name="send">Sends a request with the key.</param>
internal sealed class BatchCalls(Func<HttpMethod, string, HttpContent?, Task<HttpResponseMessage>> send)
{
    private const string Answerable = """{"custom_id":"a","body":{"model":"sandbox/small","messages":[{"role":"user","content":"What is a prime number?"}]}}""";
    private const string Unanswerable = """{"custom_id":"b","body":{"model":"sandbox/small","messages":[]}}""";

    public async Task RunAsync()
    {
        var good = await UploadAsync("batch-api", Answerable + "\n" + Unanswerable + "\n");
        var bad = await UploadAsync("batch-api", Answerable + "\n" + Answerable + "\n");
        var other = await UploadAsync("eval", Answerable + "\n");
        var completed = await CreateAsync(good);
        await FinishAsync(completed);
        await FinishAsync(await CreateAsync(bad));
        await SendAsync(HttpMethod.Post, $"batches/{completed}/cancel");
        var cancelled = await CreateAsync(good);
        await SendAsync(HttpMethod.Post, $"batches/{cancelled}/cancel");
        await SendAsync(HttpMethod.Post, "batches", $$"""{"endpoint":"/v1/chat/completions","input_file_id":"{{other}}"}""");
        await SendAsync(HttpMethod.Post, "batches", "{");
        await SendAsync(HttpMethod.Get, "batches");
    }

    private async Task<string> UploadAsync(string purpose, string content)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(purpose), "purpose" }, { new StringContent("batch.jsonl"), "file_name" }, { new StringContent(content), "file", "content" },
        };
        using var response = await send(HttpMethod.Post, "files/upload", form);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
    }

    private async Task<string> CreateAsync(string file) =>
        (await SendAsync(HttpMethod.Post, "batches", $$"""{"endpoint":"/v1/chat/completions","input_file_id":"{{file}}","completion_window":"24h"}"""))["job"]!["id"]!.GetValue<string>();

    private async Task FinishAsync(string id)
    {
        while ((await SendAsync(HttpMethod.Get, $"batches/{id}"))["status"]!.GetValue<string>() is "VALIDATING" or "IN_PROGRESS")
        {
        }
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await send(method, path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
