using System.Text;
using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Recording;

/// <summary>Has the sandbox serve a model on a dedicated endpoint, and refuse to.</summary>
/// <param name="send">Sends a request with the key.</param>
internal sealed class EndpointCalls(Func<HttpMethod, string, HttpContent?, Task<HttpResponseMessage>> send)
{
    private const string Order = """{"model":"sandbox/small","hardware":"1x_nvidia_h100_80gb_sxm","autoscaling":{"min_replicas":1,"max_replicas":1},"inactive_timeout":30}""";

    public async Task RunAsync()
    {
        await SendAsync(HttpMethod.Get, "models");
        await SendAsync(HttpMethod.Get, "models?dedicated=true");
        await SendAsync(HttpMethod.Get, "hardware");
        await SendAsync(HttpMethod.Get, "hardware?model=sandbox/small");
        await SendAsync(HttpMethod.Get, "hardware?model=none");
        await SendAsync(HttpMethod.Post, "endpoints", Order.Replace("sandbox/small", "sandbox/judge", StringComparison.Ordinal));
        var endpoint = JsonNode.Parse(await SendAsync(HttpMethod.Post, "endpoints", Order))!;
        var path = "endpoints/" + endpoint["id"]!.GetValue<string>();
        await SendAsync(HttpMethod.Get, path);
        await SendAsync(HttpMethod.Get, "endpoints?type=dedicated&usage_type=on-demand&mine=true");
        foreach (var model in new[] { "sandbox/small", endpoint["name"]!.GetValue<string>() })
        {
            await SendAsync(HttpMethod.Post, "chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""");
        }

        await SendAsync(HttpMethod.Patch, path, """{"state":"STOPPED"}""");
        await SendAsync(HttpMethod.Patch, path, """{"state":"GONE"}""");
        await SendAsync(HttpMethod.Delete, path);
        await SendAsync(HttpMethod.Delete, path);
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await send(method, path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
        return await response.Content.ReadAsStringAsync();
    }
}
