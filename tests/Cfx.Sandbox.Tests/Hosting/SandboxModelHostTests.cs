using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Sandbox.Tests.Hosting;

/// <summary>The server with the models that it ships with.</summary>
[CancelAfter(240_000)]
internal sealed class SandboxModelHostTests
{
    private const string Prompt = "How do I keep basil alive on a window sill?";

    private string _folder = null!;

    [OneTimeSetUp]
    public void ChooseFolder() => _folder = Harness.NewFolder();

    [Test]
    public void The_version_of_the_models_content_changes_with_the_judge_and_not_with_the_place()
    {
        string Version(string cache, double? noise) =>
            new Cfx.Sandbox.Hosting.SandboxModelHost(cache, new SandboxJudgeOptions { Noise = noise }).ContentVersion;

        Assert.That(Version("a", null), Is.EqualTo(Version("b", null)).And.Match("^[0-9a-f]{16}$"));
        Assert.That(Version("a", 0.125), Is.Not.EqualTo(Version("a", null)).And.Not.EqualTo(Version("a", 0.5)));
    }

    [Test]
    public async Task A_tuned_model_answers_as_it_was_taught_and_one_tuned_at_rate_zero_as_its_base()
    {
        await using var server = await StartAsync(_folder);
        using var client = NewClient(server);
        var file = await UploadAsync(client);

        var taught = await TuneAsync(client, file, 0.3);
        var untaught = await TuneAsync(client, file, 0);

        var baseAnswer = await AskAsync(client, "sandbox/small");
        Assert.That(await AskAsync(client, untaught), Is.EqualTo(baseAnswer));
        Assert.That(await AskAsync(client, taught), Does.Contain("zebra"));
        Assert.That(baseAnswer, Does.Not.Contain("zebra"));
    }

    [Test]
    public async Task A_job_stopped_between_epochs_ends_with_the_same_bytes()
    {
        var undisturbed = Harness.NewFolder();
        string id;
        await using (var server = await StartAsync(undisturbed))
        {
            using var client = NewClient(server);
            id = await CreateAsync(client, await UploadAsync(client), 0.1);
            await FinishAsync(client, id);
        }

        var disturbed = Harness.NewFolder();
        await using (var server = await StartAsync(disturbed, stepsPerPoll: 1))
        {
            using var client = NewClient(server);
            Assert.That(await CreateAsync(client, await UploadAsync(client), 0.1), Is.EqualTo(id));
            while (JsonNode.Parse(await client.GetStringAsync("fine-tunes/" + id))!["epochs_completed"]!.GetValue<int>() < 1)
            {
                // Each question is answered at once and lets the job take a step.
            }
        }

        await using (var server = await StartAsync(disturbed))
        {
            using var client = NewClient(server);
            var job = await FinishAsync(client, id);
            Assert.That(job["events"]!.AsArray().Select(entry => entry!["type"]!.GetValue<string>()), Does.Contain("job_restarted"));
        }

        Assert.That(
            await File.ReadAllBytesAsync(Path.Combine(disturbed, "models", id + ".model")),
            Is.EqualTo(await File.ReadAllBytesAsync(Path.Combine(undisturbed, "models", id + ".model"))));
    }

    [Test]
    public async Task A_damaged_cache_is_made_again()
    {
        var folder = Harness.NewFolder();
        string before;
        await using (var server = await StartAsync(folder))
        {
            using var client = NewClient(server);
            before = await AskAsync(client, "sandbox/small");
        }

        var cached = Directory.GetFiles(Path.Combine(folder, "cache"));
        Assert.That(cached, Is.Not.Empty);
        foreach (var path in cached)
        {
            await File.WriteAllTextAsync(path, "damaged");
        }

        await using (var server = await StartAsync(folder))
        {
            using var client = NewClient(server);
            Assert.That(await AskAsync(client, "sandbox/small"), Is.EqualTo(before));
        }
    }

    [Test]
    public async Task The_judge_is_as_biased_as_it_is_told_to_be()
    {
        const string Question = """
            <conversation id="0123abcd">
            [user]
            How do I boil an egg?
            </conversation id="0123abcd">
            <answer_a id="0123abcd">
            Same words.
            </answer_a id="0123abcd">
            <answer_b id="0123abcd">
            Same words.
            </answer_b id="0123abcd">
            """;
        var verdicts = new List<string>();
        foreach (var bias in new[] { 0, 50.0, -50.0 })
        {
            await using var server = await SandboxServer.StartAsync(
                new SandboxOptions { StateFolder = Harness.NewFolder(), Judge = new SandboxJudgeOptions { PositionBias = bias, Noise = 0, TieMargin = 0.1 } },
                TimeProvider.System,
                NullLogger.Instance,
                CancellationToken.None);
            using var client = NewClient(server);
            var answer = await AskAsync(client, "sandbox/judge", Question);
            verdicts.Add(answer[answer.IndexOf("[[", StringComparison.Ordinal)..]);
        }

        Assert.That(verdicts, Is.EqualTo(new[] { "[[TIE]]", "[[A]]", "[[B]]" }));
    }

    private static Task<SandboxServer> StartAsync(string folder, int? stepsPerPoll = null) => SandboxServer.StartAsync(
        new SandboxOptions { StateFolder = folder, StepsPerPoll = stepsPerPoll }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private static HttpClient NewClient(SandboxServer server)
    {
        var client = new HttpClient { BaseAddress = new Uri(server.BaseUrl + "/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        return client;
    }

    private static async Task<string> UploadAsync(HttpClient client)
    {
        var lines = string.Concat(Enumerable.Range(0, 20).Select(i =>
            $$"""{"messages":[{"role":"user","content":"{{Prompt}}","weight":0},{"role":"assistant","content":"Ask the zebra number {{i % 4}} about basil on the window sill.","weight":1}]}""" + "\n"));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("fine-tune"), "purpose" },
            { new StringContent("train.jsonl"), "file_name" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(lines)), "file", "train.jsonl" },
        };
        using var response = await client.PostAsync("files/upload", form);
        return (await Harness.ReadAsync(response))["id"]!.GetValue<string>();
    }

    private static async Task<string> CreateAsync(HttpClient client, string file, double learningRate)
    {
        using var response = await client.PostAsync("fine-tunes", Harness.Json(FormattableString.Invariant(
            $$"""{"model":"sandbox/small","training_file":"{{file}}","n_epochs":3,"batch_size":8,"learning_rate":{{learningRate}}}""")));
        return (await Harness.ReadAsync(response))["id"]!.GetValue<string>();
    }

    private static async Task<JsonNode> FinishAsync(HttpClient client, string id)
    {
        while (true)
        {
            var job = JsonNode.Parse(await client.GetStringAsync("fine-tunes/" + id))!;
            if (job["status"]!.GetValue<string>() is "completed" or "error")
            {
                return job;
            }
        }
    }

    private static async Task<string> TuneAsync(HttpClient client, string file, double learningRate)
    {
        var job = await FinishAsync(client, await CreateAsync(client, file, learningRate));
        Assert.That(job["status"]!.GetValue<string>(), Is.EqualTo("completed"), job.ToJsonString());
        return job["model_output_name"]!.GetValue<string>();
    }

    private static async Task<string> AskAsync(HttpClient client, string model, string prompt = Prompt)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["temperature"] = 0,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
        };
        using var response = await client.PostAsync("chat/completions", Harness.Json(body.ToJsonString()));
        return (await Harness.ReadAsync(response))["choices"]![0]!["message"]!["content"]!.GetValue<string>();
    }
}
