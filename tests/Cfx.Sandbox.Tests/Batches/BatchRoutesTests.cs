using System.Text.Json.Nodes;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Batches;

[CancelAfter(60_000)]
internal sealed class BatchRoutesTests
{
    private const int Count = 12;

    [Test]
    public async Task Every_line_is_answered_as_a_direct_call_would_be_and_in_another_order()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var batch = await RunAsync(server, Lines(Count));
        var output = await OutputAsync(server, batch);

        Assert.That(batch["status"]!.GetValue<string>(), Is.EqualTo("COMPLETED"));
        Assert.That((batch["progress"]!.GetValue<double>(), batch["model_id"]!.GetValue<string>()), Is.EqualTo((100.0, FakeModelHost.Small)));
        Assert.That(batch["error_file_id"], Is.Null);
        Assert.That(Names(output), Is.EquivalentTo(Enumerable.Range(0, Count).Select(i => $"r{i}")));
        Assert.That(Names(output), Is.Not.EqualTo(Enumerable.Range(0, Count).Select(i => $"r{i}")));
        foreach (var line in output)
        {
            var direct = await server.PostAsync("chat/completions", Body(int.Parse(line["custom_id"]!.GetValue<string>()[1..], null)));
            Assert.That(line["response"]!["body"]!["choices"]!.ToJsonString(), Is.EqualTo(direct["choices"]!.ToJsonString()));
        }
    }

    [Test]
    public async Task The_ledger_has_one_answered_call_a_line_and_one_entry_for_the_batch()
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder);
        var batch = await RunAsync(server, Lines(Count));

        var entries = Ledger.Read(folder);
        var lines = entries.Where(entry => entry is { Method: "POST", Route: "/chat/completions", Status: 200 }).ToList();
        Assert.That(lines, Has.Count.EqualTo(Count));
        Assert.That(lines.Select(line => line.Batch).Distinct(), Is.EqualTo(new[] { batch["id"]!.GetValue<string>() }));
        Assert.That(lines.Select(line => line.CustomId), Is.Unique);
        Assert.That(lines.Single(line => line.CustomId is "r3").RequestHash, Is.EqualTo(ContentId.Of(System.Text.Encoding.UTF8.GetBytes(Body(3)))));
        Assert.That(entries.Count(entry => entry is { Method: "POST", Route: "/batches", Status: 201 }), Is.EqualTo(1));
    }

    [Test]
    public async Task Lines_that_cannot_be_answered_stand_in_the_error_file()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var batch = await RunAsync(server, Lines(2) + """{"custom_id":"bad","body":{"model":"fake/small","messages":[]}}""" + "\n");
        var errors = await LinesAsync(server, batch["error_file_id"]!.GetValue<string>());

        Assert.That(batch["status"]!.GetValue<string>(), Is.EqualTo("COMPLETED"));
        Assert.That(Names(await OutputAsync(server, batch)), Is.EquivalentTo(new[] { "r0", "r1" }));
        Assert.That(Names(errors), Is.EqualTo(new[] { "bad" }));
        Assert.That(errors[0]["error"]!["code"]!.GetValue<string>(), Is.EqualTo("invalid_value"));
    }

    [TestCase("", "no request")]
    [TestCase("{}\n", "line 1 needs a custom_id")]
    [TestCase("{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}}\n{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}}\n", "line 2 has the custom_id 'a'")]
    [TestCase("{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}}\n{\"custom_id\":\"b\",\"body\":{\"model\":\"n\"}}\n", "line 2 is for another model")]
    [TestCase("{\"custom_id\":\"a\"}\n", "line 1 needs an object as its body")]
    [TestCase("{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}}\n\n", "line 2 is blank")]
    public async Task An_input_that_is_no_batch_fails_with_its_line(string content, string fault)
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var batch = await RunAsync(server, content);

        Assert.That(batch["status"]!.GetValue<string>(), Is.EqualTo("FAILED"));
        Assert.That(batch["error"]!.GetValue<string>(), Does.Contain(fault));
    }

    [TestCase("""{"endpoint":"/v1/chat/completions","input_file_id":"file-0"}""", 404)]
    [TestCase("""{"input_file_id":"file-0"}""", 400)]
    [TestCase("""{"endpoint":"/v1/completions","input_file_id":"file-0"}""", 400)]
    public async Task A_refusal_is_a_bare_text(string body, int status)
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var (actual, error) = await server.FailAsync(HttpMethod.Post, "batches", body);

        Assert.That(actual, Is.EqualTo(status));
        Assert.That(error.GetValue<string>(), Is.Not.Empty);
    }

    [Test]
    public async Task A_batch_goes_on_after_a_restart_and_answers_no_line_twice()
    {
        var folder = Harness.NewFolder();
        string id;
        await using (var server = await Harness.StartAsync(folder, options => options with { BatchPolls = 5 }))
        {
            id = (await CreateAsync(server, Lines(Count)))["id"]!.GetValue<string>();
            await server.GetAsync("batches/" + id);
        }

        await using (var server = await Harness.StartAsync(folder))
        {
            var batch = await FinishAsync(server, id);
            Assert.That(Names(await OutputAsync(server, batch)), Has.Count.EqualTo(Count));
            Assert.That((await server.GetAsync("batches")).AsArray().Select(item => item!["id"]!.GetValue<string>()), Is.EqualTo(new[] { id }));
        }

        Assert.That(Ledger.Read(folder).Where(entry => entry.Batch == id).Select(entry => entry.CustomId), Is.Unique.And.Exactly(Count).Items);
    }

    [Test]
    public async Task The_same_input_gives_the_same_ids_and_the_second_batch_of_it_another()
    {
        var ids = new List<string>();
        foreach (var folder in new[] { Harness.NewFolder(), Harness.NewFolder() })
        {
            await using var server = await Harness.StartAsync(folder);
            var first = await CreateAsync(server, Lines(2));
            ids.Add(first["id"]!.GetValue<string>());
            ids.Add((await PostAsync(server, first["input_file_id"]!.GetValue<string>()))["id"]!.GetValue<string>());
        }

        Assert.That((ids[0], ids[1]), Is.EqualTo((ids[2], ids[3])));
        Assert.That(ids[0], Is.Not.EqualTo(ids[1]));
    }

    [Test]
    public async Task A_cancelled_batch_is_over_and_cannot_be_cancelled_again()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { FaultScript = [FaultRule.Parse("POST /batches #1 batch-hangs")] });
        var id = (await CreateAsync(server, Lines(2)))["id"]!.GetValue<string>();
        var cancelled = await server.PostAsync($"batches/{id}/cancel", "");

        Assert.That(cancelled["status"]!.GetValue<string>(), Is.EqualTo("CANCELLED"));
        Assert.That((await server.FailAsync(HttpMethod.Post, $"batches/{id}/cancel")).Status, Is.EqualTo(400));
    }

    [TestCase("batch-expires", "EXPIRED", 6, 0, 6, 0)]
    [TestCase("batch-fails", "FAILED", 0, 0, 0, 0)]
    [TestCase("batch-lines-fail=5", "COMPLETED", 7, 5, 7, 0)]
    [TestCase("batch-lines-missing=4", "COMPLETED", 8, 0, 12, 4)]
    [TestCase("batch-lines-twice=2", "COMPLETED", 14, 0, 12, 0)]
    public async Task A_scripted_fault_befalls_the_batch_that_the_request_creates(string kind, string status, int output, int errors, int answered, int lost)
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { FaultScript = [FaultRule.Parse("POST /batches #1 " + kind)] });
        var batch = await RunAsync(server, Lines(Count));

        Assert.That(batch["status"]!.GetValue<string>(), Is.EqualTo(status));
        Assert.That(batch["output_file_id"] is null ? 0 : (await OutputAsync(server, batch)).Count, Is.EqualTo(output));
        Assert.That(batch["error_file_id"] is { } file ? (await LinesAsync(server, file.GetValue<string>())).Count : 0, Is.EqualTo(errors));
        var lines = Ledger.Read(folder).Where(entry => entry.Batch is not null && entry.Status == 200).ToList();
        Assert.That((lines.Count, lines.Count(line => !line.Delivered)), Is.EqualTo((answered, lost)));

        var second = await FinishAsync(server, (await PostAsync(server, batch["input_file_id"]!.GetValue<string>()))["id"]!.GetValue<string>());
        Assert.That((await OutputAsync(server, second)).Count, Is.EqualTo(Count));
    }

    [Test]
    public async Task A_vanished_batch_was_promised_and_is_nowhere()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { FaultScript = [FaultRule.Parse("POST /batches #1 batch-vanishes")] });
        var id = (await CreateAsync(server, Lines(2)))["id"]!.GetValue<string>();

        Assert.That((await server.FailAsync(HttpMethod.Get, "batches/" + id)).Status, Is.EqualTo(404));
        Assert.That((await server.GetAsync("batches")).AsArray(), Is.Empty);
    }

    private static string Body(int i) => $$"""{"model":"fake/small","messages":[{"role":"user","content":"question {{i}}"}],"seed":{{i}}}""";

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"custom_id":"r{{i}}","body":{{Body(i)}}}""" + "\n"));

    private static List<string> Names(IEnumerable<JsonNode> lines) => [.. lines.Select(line => line["custom_id"]!.GetValue<string>())];

    private static async Task<JsonNode> CreateAsync(Harness server, string lines) => await PostAsync(server, await server.UploadAsync(lines, "batch.jsonl", "batch-api"));

    private static async Task<JsonNode> PostAsync(Harness server, string file) =>
        (await server.PostAsync("batches", $$"""{"endpoint":"/v1/chat/completions","input_file_id":"{{file}}","completion_window":"24h"}"""))["job"]!;

    private static async Task<JsonNode> RunAsync(Harness server, string lines) => await FinishAsync(server, (await CreateAsync(server, lines))["id"]!.GetValue<string>());

    private static async Task<JsonNode> FinishAsync(Harness server, string id)
    {
        while (true)
        {
            var batch = await server.GetAsync("batches/" + id);
            if (batch["status"]!.GetValue<string>() is not ("VALIDATING" or "IN_PROGRESS"))
            {
                return batch;
            }
        }
    }

    private static Task<List<JsonNode>> OutputAsync(Harness server, JsonNode batch) => LinesAsync(server, batch["output_file_id"]!.GetValue<string>());

    private static async Task<List<JsonNode>> LinesAsync(Harness server, string file) =>
        [.. (await server.Client.GetStringAsync($"files/{file}/content")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
