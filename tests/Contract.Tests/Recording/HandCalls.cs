using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Recording;

/// <summary>Requests that the client does not send, to see every form of the sandbox's answers.</summary>
internal sealed class HandCalls : IDisposable
{
    private const string Question = "\"model\":\"sandbox/small\",\"messages\":[{\"role\":\"user\",\"content\":\"What is a prime number?\"}]";
    private static readonly (HttpMethod Method, string Path)[] Routes =
    [
        (HttpMethod.Post, "chat/completions"), (HttpMethod.Get, "models"), (HttpMethod.Get, "whoami"),
        (HttpMethod.Post, "files"), (HttpMethod.Post, "files/upload"), (HttpMethod.Post, "files/file-0/preprocess"), (HttpMethod.Get, "files"),
        (HttpMethod.Get, "files/file-0"), (HttpMethod.Get, "files/file-0/content"), (HttpMethod.Delete, "files/file-0"),
        (HttpMethod.Post, "fine-tunes"), (HttpMethod.Get, "fine-tunes"), (HttpMethod.Post, "fine-tunes/estimate-price"),
        (HttpMethod.Get, "fine-tunes/models/supported"), (HttpMethod.Get, "fine-tunes/models/limits"), (HttpMethod.Get, "fine-tunes/ft-0"),
        (HttpMethod.Delete, "fine-tunes/ft-0"), (HttpMethod.Get, "fine-tunes/ft-0/events"), (HttpMethod.Get, "fine-tunes/ft-0/checkpoints"),
        (HttpMethod.Get, "fine-tunes/ft-0/metrics"), (HttpMethod.Post, "fine-tunes/ft-0/cancel"),
        (HttpMethod.Get, "batches"), (HttpMethod.Post, "batches"), (HttpMethod.Get, "batches/b-0"), (HttpMethod.Post, "batches/b-0/cancel"),
        (HttpMethod.Get, "hardware"), (HttpMethod.Get, "endpoints"), (HttpMethod.Post, "endpoints"), (HttpMethod.Get, "endpoints/e-0"),
        (HttpMethod.Patch, "endpoints/e-0"), (HttpMethod.Delete, "endpoints/e-0"),
    ];

    /// <summary>Operations of the API that the sandbox is not known to have.</summary>
    private static readonly string[] Elsewhere =
    [
        "POST evaluation", "GET evaluation", "GET evaluation/e-0", "GET evaluation/e-0/status",
    ];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Uri _root;

    public HandCalls(Uri baseUrl)
    {
        _root = baseUrl;
        _client.BaseAddress = new Uri(baseUrl.AbsoluteUri + "/");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Session.Key);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>One request to each route, with neither a body nor anything that exists.</summary>
    public async Task EveryRouteAsync(bool withKey = true)
    {
        foreach (var (method, path) in Routes)
        {
            await SendAsync(method, path, null, withKey);
        }
    }

    public async Task RunAsync()
    {
        await EveryRouteAsync();
        await EveryRouteAsync(withKey: false);
        await SendAsync(HttpMethod.Get, "no-such-route");
        foreach (var words in Elsewhere.Select(name => name.Split(' ')))
        {
            await SendAsync(new HttpMethod(words[0]), words[1]);
        }

        await ChatAsync();
        var trainingFile = await FilesAsync();
        await JobsAsync(trainingFile);
        await new BatchCalls(SendAsync).RunAsync();
    }

    /// <summary>Requests to a server whose models are served by endpoints.</summary>
    public Task ServeAsync() => new EndpointCalls(SendAsync).RunAsync();

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body) => SendAsync(method, path, body, withKey: true);

    private async Task ChatAsync()
    {
        foreach (var body in new[]
        {
            $$"""{{{Question}},"n":2,"echo":true,"stop":["."],"top_k":5,"min_p":0.1}""",
            $$"""{{{Question}},"stream":true,"seed":3}""",
            $$"""{{{Question}},"stream":true,"n":2,"max_tokens":2}""",
            """{"model":"sandbox/small","messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}""",
            $$"""{{{Question}},"stop":"."}""",
            $$"""{{{Question}},"logprobs":5}""",
            $$"""{{{Question}},"temperature":"hot"}""",
            """{"model":"sandbox/small","messages":[]}""",
            """{"messages":[{"role":"user","content":"Hello"}]}""",
            "[]",
            "{",
        })
        {
            await PostAsync("chat/completions", body);
        }

        await SendAsync(HttpMethod.Get, "models?dedicated=true");
    }

    private async Task<string> FilesAsync()
    {
        // One client repeats the fields in the query and gives a whole path; another sends the form with the content to the same route.
        const string Query = "files?purpose=fine-tune&file_name=folder%2Fby-query.jsonl&file_type=jsonl";
        using var announced = await SendAsync(HttpMethod.Post, Query);
        var id = announced.Headers.GetValues("X-Together-File-Id").Single();
        var address = announced.Headers.Location!;
        await SendAsync(HttpMethod.Get, $"files/{id}");
        await SendAsync(HttpMethod.Get, $"files/{id}/content");
        await PostAsync("fine-tunes/estimate-price", $$"""{"training_file":"{{id}}"}""");
        await PostAsync("fine-tunes", $$"""{"training_file":"{{id}}","model":"sandbox/small"}""");
        await PutAsync(new Uri(address.AbsoluteUri.Replace("name=", "name=other", StringComparison.Ordinal)), "x");
        await PutAsync(address, "x", withKey: true);
        await PutAsync(address, "x", withLength: false);
        await PutAsync(address, new string('x', 65 << 10));
        await PutAsync(address, ClientCalls.Example(1) + "\n" + ClientCalls.Example(2) + "\n");
        await PutAsync(address, "another content");

        // Its processing has not been seen to be over, so that no price can be told yet.
        await PostAsync("fine-tunes/estimate-price", $$"""{"training_file":"{{id}}"}""");
        await PostAsync("fine-tunes", $$"""{"training_file":"{{id}}","model":"sandbox/small"}""");
        for (var look = 0; look < 3; look++)
        {
            await SendAsync(HttpMethod.Post, $"files/{id}/preprocess");
        }

        using var invalid = await SendAsync(HttpMethod.Post, "files", Form(("purpose", "fine-tune"), ("file_name", "bad.jsonl")), content: "{}");
        var invalidId = JsonNode.Parse(await invalid.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        for (var look = 0; look < 3; look++)
        {
            await SendAsync(HttpMethod.Get, $"files/{invalidId}");
        }

        await PostAsync("fine-tunes/estimate-price", $$"""{"training_file":"{{invalidId}}"}""");
        await PostAsync("fine-tunes/estimate-price", $$"""{"training_file":"{{id}}","validation_file":"{{invalidId}}"}""");
        await SendAsync(HttpMethod.Post, "files/upload", Form(("purpose", "eval"), ("file_name", "e.csv"), ("file_type", "csv")), content: "a,b\n");
        await SendAsync(HttpMethod.Post, "files/upload", Form(("purpose", "none"), ("file_name", "e.csv")), content: "x");
        await SendAsync(HttpMethod.Post, "files/upload", Form(("purpose", "eval"), ("file_name", "e.csv")), content: new string('x', 65 << 10));
        await SendAsync(HttpMethod.Post, "files/upload", Form(("purpose", "eval")));
        await SendAsync(HttpMethod.Post, "files?purpose=eval&file_name=e.doc&file_type=doc");
        return id;
    }

    private async Task JobsAsync(string file)
    {
        await PostAsync("fine-tunes/estimate-price", $$"""{"training_file":"{{file}}","model":"sandbox/small","n_epochs":2,"validation_file":"{{file}}","n_evals":1}""");
        foreach (var settings in new[]
        {
            """ "lr_scheduler":{"lr_scheduler_type":"cosine","lr_scheduler_args":{"min_lr_ratio":0,"num_cycles":0.5}},"validation_file":"" """,
            """ "lr_scheduler":{"lr_scheduler_type":"linear","lr_scheduler_args":{"min_lr_ratio":0.1}},"warmup_ratio":0.1,"n_checkpoints":2,"n_epochs":4,"batch_size":1 """,
            """ "training_method":{"method":"sft","train_on_inputs":false},"wandb_key":"k","wandb_api_key":"k" """,
            """ "training_type":{"type":"Lora"} """,
            """ "training_method":{"method":"sft","train_on_inputs":true} """,
            """ "training_method":{"method":"sft","train_on_inputs":"always"} """,
            """ "training_method":{"method":"dpo"} """,
            """ "n_epochs":0 """,
            """ "suffix":"with space" """,
        })
        {
            await PostAsync("fine-tunes", $$"""{"training_file":"{{file}}","model":"sandbox/small",{{settings}}}""");
        }

        using var list = await SendAsync(HttpMethod.Get, "fine-tunes");
        var jobs = JsonNode.Parse(await list.Content.ReadAsStringAsync())!["data"]!.AsArray();
        var ids = jobs.Select(job => job!["id"]!.GetValue<string>()).ToList();
        var longest = jobs.Single(job => job!["n_epochs"]!.GetValue<int>() == 4)!["id"]!.GetValue<string>();
        foreach (var id in ids)
        {
            await FinishAsync(id);
        }

        foreach (var (query, body) in new (string, string?)[]
        {
            ("?global_step_from=2&global_step_to=3", null),
            ("", """{"global_step_from":2,"global_step_to":3}"""),
            ("?logged_at_from=2001-01-01T00:00:00Z", null),
            ("", """{"logged_at_to":"2001-01-01T00:00:00Z"}"""),
            ("?global_step_from=some", null),
            ("", "{"),
        })
        {
            await SendAsync(HttpMethod.Get, $"fine-tunes/{longest}/metrics{query}", body is null ? null : Json(body));
        }

        foreach (var tail in new[] { "", "/events", "/checkpoints", "/metrics" })
        {
            await SendAsync(HttpMethod.Get, $"fine-tunes/{longest}{tail}");
        }

        await SendAsync(HttpMethod.Delete, $"fine-tunes/{ids[^1]}?force=true");
        await SendAsync(HttpMethod.Get, $"fine-tunes/{ids[^1]}");
    }

    private async Task FinishAsync(string id)
    {
        while (true)
        {
            using var response = await SendAsync(HttpMethod.Get, $"fine-tunes/{id}");
            if (JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!.GetValue<string>() is "completed" or "error" or "cancelled")
            {
                return;
            }
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return form;
    }

    private async Task PostAsync(string path, string body)
    {
        using var response = await SendAsync(HttpMethod.Post, path, Json(body));
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, MultipartFormDataContent form, string content)
    {
        form.Add(new StringContent(content), "file", "content");
        return SendAsync(method, path, form);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null, bool withKey = true)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (withKey)
        {
            return await _client.SendAsync(request);
        }

        using var stranger = new HttpClient();
        request.RequestUri = new Uri(_root.AbsoluteUri + "/" + path);
        return await stranger.SendAsync(request);
    }

    private static async Task PutAsync(Uri address, string content, bool withKey = false, bool withLength = true)
    {
        using var plain = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) };
        request.Headers.TransferEncodingChunked = withLength ? null : true;
        request.Headers.Authorization = withKey ? new AuthenticationHeaderValue("Bearer", Session.Key) : null;
        using var response = await plain.SendAsync(request);
    }
}
