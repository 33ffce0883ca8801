using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Together.Batch;
using Cfx.Together.Store;

namespace Cfx.Together.Tests.Batch;

[TestFixture]
[CancelAfter(60_000)]
public sealed class BatchPrefetchTests : BatchFixture
{
    [Test]
    public async Task Answers_come_by_batch_and_the_stage_finds_each_under_its_own_call()
    {
        var summary = await FetchAsync(Texts(5));
        var replies = await StageAsync(Texts(5));
        Assert.Multiple(() =>
        {
            Assert.That(summary, Is.EqualTo(new BatchSummary(1, 5, 0)));
            Assert.That(replies.Select(r => r.Content), Is.EqualTo(Texts(5).Select(t => t.ToUpperInvariant())));
            Assert.That(Server.Count(Chat), Is.Zero);
            Assert.That(Files("*.jsonl"), Is.Empty, "what people said does not stay behind");
            Assert.That(Logger.Lines, Has.Some.Contains("slow today"));
        });
    }

    [Test]
    public async Task A_batched_answer_is_stored_as_the_direct_one_would_be()
    {
        Server.Always(Chat, call => Answer.Ok(BatchProvider.Completion(JsonNode.Parse(call.Body)!).ToJsonString()));
        var direct = await StageAsync("hello", "ünï 🙂");
        File.Delete(Folder["responses.db"]);
        await FetchAsync("hello", "ünï 🙂");
        Assert.That(await StageAsync("hello", "ünï 🙂"), Is.EqualTo(direct));
        Assert.That(Server.Count(Chat), Is.EqualTo(2));
    }

    [Test]
    public async Task A_stage_writes_the_same_file_in_either_mode()
    {
        Server.Always(Chat, call => Answer.Ok(BatchProvider.Completion(JsonNode.Parse(call.Body)!).ToJsonString()));
        var options = new RespondOptions { Arm = "base", Settings = new GenerationSettings("org/model", 0.7, 0.9, 100), OutputPath = Folder["direct.jsonl"], Seed = 7 };
        await RunAsync();
        var direct = Server.Count(Chat);
        File.Delete(Folder["responses.db"]);
        options = options with { OutputPath = Folder["batch.jsonl"] };
        await using (var store = OpenStore())
        {
            await Prefetch(store).RunAsync(() => RespondStage.Requests(Contexts(), options), CancellationToken.None);
        }

        await RunAsync();
        Assert.That((direct, Server.Count(Chat)), Is.EqualTo((12, 12)));
        Assert.That(await File.ReadAllBytesAsync(Folder["batch.jsonl"]), Is.EqualTo(await File.ReadAllBytesAsync(Folder["direct.jsonl"])));

        IAsyncEnumerable<Core.Evaluation.TestContext> Contexts() =>
            Texts(12).Select(t => new Core.Evaluation.TestContext(t, t, "UR2", [new Message(Roles.User, t + " ünï 🙂")])).ToAsyncEnumerable();

        async Task RunAsync()
        {
            await using var store = OpenStore();
            var model = new StoredChatModel(Client.Chat, store, Origin(), Time);
            await new RespondStage(model, Progress, Logger).RunAsync(Contexts(), options, CancellationToken.None);
        }
    }

    [Test]
    public async Task What_is_sent_is_the_direct_calls_body_under_an_id_that_fits()
    {
        Server.Always(Chat, call => Answer.Ok(BatchProvider.Completion(JsonNode.Parse(call.Body)!).ToJsonString()));
        await FetchAsync("ünï");
        File.Delete(Folder["responses.db"]);
        await StageAsync("ünï");
        var call = Provider.Calls("file-1").Single();
        var create = JsonNode.Parse(Server.Last(BatchProvider.Create).Body)!;
        Assert.Multiple(() =>
        {
            Assert.That(call.Select(p => p.Key), Is.EqualTo(new[] { "custom_id", "body" }));
            Assert.That((string)call["custom_id"]!, Has.Length.EqualTo(48));
            Assert.That(call["body"]!.ToJsonString(), Is.EqualTo(JsonNode.Parse(Server.Last(Chat).Body)!.ToJsonString()));
            Assert.That(JsonNode.DeepEquals(create, JsonNode.Parse("""{"endpoint":"/v1/chat/completions","input_file_id":"file-1","completion_window":"24h"}""")), create.ToJsonString());
            Assert.That(Server.Last("POST /v1/files").Body, Does.Contain("purpose=batch-api").And.Contain($"file_name={Provider.FileName(Provider.Batches[0])}"));
            Assert.That(Provider.FileName(Provider.Batches[0]), Does.Match("^cfx-process-[0-9a-f]{16}\\.jsonl$"));
        });
    }

    [Test]
    public async Task Only_what_the_store_lacks_is_sent_and_nothing_twice()
    {
        await FetchAsync(Texts(3));
        await FetchAsync([.. Texts(6), .. Texts(6)]);
        await FetchAsync(Texts(6));
        Assert.That(Provider.Batches, Has.Count.EqualTo(2));
        Assert.That(Provider.Asked.Order(StringComparer.Ordinal), Is.EqualTo(Texts(6)));
    }

    [Test]
    public async Task Files_are_cut_by_calls_by_bytes_and_by_model()
    {
        Batches = Batches with { MaxRequests = 4 };
        await FetchAsync([.. Texts(10).Select(t => Request(t)), .. Texts(2).Select(t => Request(t, "org/other"))]);
        var sizes = Provider.Batches.Select(b => Provider.Calls((string)b["input_file_id"]!).ToList()).ToList();
        Assert.That(sizes.Select(c => c.Count).Order(), Is.EqualTo(new[] { 2, 2, 4, 4 }));
        Assert.That(sizes.Select(c => c.Select(l => (string)l["body"]!["model"]!).Distinct().Count()), Is.All.EqualTo(1));

        Batches = Batches with { MaxRequests = 1000, MaxBytes = 1000 };
        await FetchAsync([.. Texts(20).Skip(10), new string('x', 2000)]);
        var files = Server.Received.Where(r => r.Route.StartsWith("PUT /bucket/", StringComparison.Ordinal)).Skip(4).ToList();
        Assert.That(files, Has.Count.GreaterThan(1));
        Assert.That(files.Select(f => f.Bytes.Length), Is.All.LessThanOrEqualTo(1000));
        Assert.That(Provider.Asked, Has.None.Contains("xxx"), "a call that fits no file goes directly");
    }

    [Test]
    public async Task Duplicate_strange_and_failed_lines_do_no_harm_and_the_first_usable_counts()
    {
        Provider.Lines = (number, id, body) => number > 1 ? [BatchProvider.Line(id, body)] : ((string)body["messages"]!.AsArray()[^1]!["content"]!) switch
        {
            "question 1" => [BatchProvider.Line(id, body), BatchProvider.Line(id, body), BatchProvider.Failed(id, "late")],
            "question 2" => [new JsonObject { ["custom_id"] = id, ["response"] = new JsonObject { ["status_code"] = 500, ["body"] = new JsonObject { ["error"] = "boom" } } }, BatchProvider.Line(id, body)],
            "question 3" => [BatchProvider.Failed(id, "overloaded")],
            "question 4" => [new JsonObject { ["custom_id"] = id, ["response"] = new JsonObject { ["status_code"] = 200, ["body"] = new JsonObject { ["choices"] = new JsonArray() } } }],
            _ => [BatchProvider.Line("someone-elses", body), new JsonObject { ["custom_id"] = null }, new JsonObject { ["x"] = 1 }],
        };
        var summary = await FetchAsync(Texts(5));
        var replies = await StageAsync(Texts(5));
        Assert.Multiple(() =>
        {
            Assert.That(summary, Is.EqualTo(new BatchSummary(2, 5, 3)));
            Assert.That(replies.Select(r => r.Content), Is.EqualTo(Texts(5).Select(t => t.ToUpperInvariant())));
            Assert.That(Provider.Calls("file-2").Select(c => (string)c["body"]!["messages"]!.AsArray()[^1]!["content"]!), Is.EqualTo(new[] { "question 3", "question 4", "question 5" }));
            Assert.That(Logger.Lines, Has.Some.Contains("overloaded").And.Some.Contains("belong to none"));
        });
    }

    [Test]
    public async Task Lines_of_any_shape_do_no_harm()
    {
        Server.Once("GET /v1/files/output_file_id-1/content", _ =>
        {
            var ids = Provider.Calls("file-1").Select(c => (string)c["custom_id"]!).ToList();
            return Answer.Ok(string.Join('\n',
                "no JSON", "", "\r", "[]", "7", "null", "{\"custom_id\":{}}", "{\"custom_id\":7,\"response\":null}",
                $$$$"""{"custom_id":"{{{{ids[0]}}}}","response":"text"}""",
                $$$$"""{"custom_id":"{{{{ids[0]}}}}","response":{"status_code":"200","body":"text"}}""",
                $$$$"""{"custom_id":"{{{{ids[0]}}}}","response":{"status_code":1e300,"body":null}}""",
                $$$$"""{"custom_id":"{{{{ids[1]}}}}","response":{"body":{"choices":[{"finish_reason":"stop","message":{"content":"\ud800"}}]}}}""",
                $$$$"""{"custom_id":"{{{{ids[1]}}}}","error":[1]}""",
                $$$$"""{"custom_id":"{{{{ids[2]}}}}","response":{"body":{"choices":[{"finish_reason":"stop","message":{"content":"fine"}}]}}}""") + "\r\n{\"custom_id\":");
        });
        Assert.That(await FetchAsync(Texts(3)), Is.EqualTo(new BatchSummary(2, 3, 2)));
        Assert.That((await StageAsync(Texts(3))).Select(r => r.Content), Is.EqualTo(new[] { "QUESTION 1", "QUESTION 2", "fine" }));
    }

    [TestCase("EXPIRED")]
    [TestCase("CANCELLED")]
    public async Task What_an_ended_batch_still_gave_is_kept_and_the_rest_is_sent_again(string end)
    {
        Provider.End = number => number == 1 ? end : "COMPLETED";
        Provider.Lines = (number, id, body) => number == 1 && (string)body["messages"]!.AsArray()[^1]!["content"]! != "question 2" ? [] : [BatchProvider.Line(id, body)];
        Assert.That(await FetchAsync(Texts(3)), Is.EqualTo(new BatchSummary(2, 3, 2)));
        Assert.That(Provider.Calls("file-2").Count(), Is.EqualTo(2));
    }

    [TestCase("COMPLETED")]
    [TestCase("EXPIRED")]
    [TestCase("CANCELLED")]
    public async Task Results_that_are_named_a_little_after_the_end_are_had(string end)
    {
        Provider.End = _ => end;
        Provider.LooksBeforeTheEnd = 0;
        Batches = Batches with { Resends = 0 };
        Server.Once("GET /v1/batches/batch-1", Answer.Ok($$"""{"id":"batch-1","status":"{{end}}"}"""))
            .Once("GET /v1/batches/batch-1", Answer.Ok($$"""{"id":"batch-1","status":"{{end}}"}"""));
        Assert.That(await FetchAsync(Texts(2)), Is.EqualTo(new BatchSummary(1, 2, 0)));
    }

    [Test]
    public async Task What_fails_again_is_left_to_direct_calls()
    {
        Provider.Lines = (_, id, _) => [BatchProvider.Failed(id, "no")];
        Assert.That(await FetchAsync(Texts(2)), Is.EqualTo(new BatchSummary(2, 0, 4)));
        Server.Always(Chat, call => Answer.Ok(BatchProvider.Completion(JsonNode.Parse(call.Body)!).ToJsonString()));
        await StageAsync(Texts(2));
        Assert.That((Server.Count(Chat), Provider.Batches.Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task What_fails_in_every_batch_is_bought_a_set_number_of_times_over_all_runs_and_then_tells_why()
    {
        Provider.Lines = (_, id, _) => [BatchProvider.Failed(id, "no")];
        for (var run = 0; run < 10; run++)
        {
            await FetchAsync(Texts(1));
        }

        Assert.That(Provider.Batches, Has.Count.EqualTo(12));
        Assert.That(Failure(() => StageAsync(Texts(1))).Message, Does.Contain("got no usable reply 12 times").And.Contain("--store-retry").And.Contain("no"));
        Assert.That(Server.Count(Chat), Is.Zero);
    }

    [Test]
    public async Task What_fails_in_a_batch_counts_among_the_times_that_it_is_asked_in_one_run()
    {
        Provider.Lines = (_, id, _) => [BatchProvider.Failed(id, "no")];
        Server.Always(Chat, Answer.Error(500));
        await using var store = OpenStore();
        var model = new Cfx.Together.Store.StoredChatModel(Client.Chat, store, Origin(), Time);
        for (var round = 0; round < 3; round++)
        {
            await Prefetch(store).RunAsync(() => Texts(1).Select(t => Request(t)).ToAsyncEnumerable(), CancellationToken.None);
            Failure(() => model.CompleteAsync(Request("question 1"), CancellationToken.None));
        }

        Assert.That((Provider.Batches.Count, Server.Count(Chat)), Is.EqualTo((2, Options.Attempts)), "twice by batch and once directly, with the client's own retries");
    }

    [Test]
    public async Task A_batch_refused_as_a_whole_is_not_tried_again_in_this_run()
    {
        Provider.End = _ => "FAILED";
        Assert.That(await FetchAsync(Texts(2)), Is.EqualTo(new BatchSummary(1, 0, 2)));
        Assert.That(Logger.Lines, Has.Some.Contains("not to our liking"));
    }

    [Test]
    public async Task A_vanished_batch_is_made_again()
    {
        Server.Once("GET /v1/batches/batch-1", Answer.Error(404, "who?"));
        Assert.That(await FetchAsync(Texts(2)), Is.EqualTo(new BatchSummary(2, 2, 2)));
    }

    [Test]
    public async Task Models_that_are_not_served_by_name_stay_direct()
    {
        Terms = Terms with { MayBatch = model => !model.StartsWith("tuned", StringComparison.Ordinal) };
        await FetchAsync([Request("a"), Request("b", "tuned/model")]);
        Assert.That(Provider.Asked, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_tuned_models_answers_are_kept_under_its_identity()
    {
        await FetchAsync([Request("b", "tuned/model")]);
        Assert.That((await StageAsync([Request("b", "tuned/model")]))[0].Content, Is.EqualTo("B"));
    }

    [Test]
    public async Task Requests_are_sent_as_they_were_prepared()
    {
        Terms = Terms with { Prepare = request => Request(request.Messages[^1].Content.Replace("a@b.org", "[mail]", StringComparison.Ordinal)) };
        await FetchAsync("write to a@b.org");
        Assert.That(Provider.Asked, Is.EqualTo(new[] { "write to [mail]" }));
    }

    [Test]
    public async Task Auto_sends_few_calls_directly_and_many_by_batch_unless_that_is_dearer()
    {
        Batches = Batches with { Mode = BatchMode.Auto, AutoThreshold = 4 };
        Terms = Terms with { IsDearer = model => model == "dear" };
        await FetchAsync([.. Texts(3).Select(t => Request(t, "few")), .. Texts(4).Select(t => Request(t, "many")), .. Texts(4).Select(t => Request(t, "dear"))]);
        Assert.That(Provider.Batches.Select(b => (string)Provider.Calls((string)b["input_file_id"]!).First()["body"]!["model"]!), Is.EqualTo(new[] { "many" }));
        Assert.That(Files("*"), Has.Count.EqualTo(1), "the files of the others are gone");
    }

    [TestCase(404)]
    [TestCase(501)]
    public async Task Without_a_batch_api_auto_goes_on_directly_and_batch_says_so(int status)
    {
        Server.Always(BatchProvider.Create, new Answer(status, """{"error":"no such thing"}"""));
        Batches = Batches with { Mode = BatchMode.Auto, AutoThreshold = 1 };
        Assert.That(await FetchAsync(Texts(2)), Is.EqualTo(new BatchSummary(0, 0, 0)));
        Batches = Batches with { Mode = BatchMode.Batch };
        var e = Assert.ThrowsAsync<MisuseException>(() => FetchAsync(Texts(2)))!;
        Assert.That(e.Message, Does.Contain("--mode=direct").And.Contain("no such thing"));
        Assert.That(Files("*"), Is.Empty);
    }

    [Test]
    public async Task A_busy_provider_is_waited_for_but_an_unknown_word_is_no_end()
    {
        Provider.LooksBeforeTheEnd = 3;
        Server.Once("GET /v1/batches/batch-1", Answer.Ok("""{"id":"batch-1","status":"CANCELING"}"""))
            .Once("GET /v1/batches/batch-1", Answer.Ok("""{"id":"batch-1","status":"polishing","progress":"12.5"}"""));
        Assert.That((await FetchAsync(Texts(2))).Answered, Is.EqualTo(2));
        Assert.That(Time.Waits.Count(w => w == Batches.CheckInterval), Is.EqualTo(5));
    }

    [Test]
    public void Past_the_deadline_the_batch_is_left_to_a_later_run()
    {
        Provider.LooksBeforeTheEnd = int.MaxValue;
        Batches = Batches with { Deadline = TimeSpan.FromSeconds(70) };
        var e = Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync(Texts(2)))!;
        Assert.That(e.Message, Does.Contain("batch-1").And.Contain("Run again"));
        Provider.LooksBeforeTheEnd = 0;
        Assert.That(async () => await FetchAsync(Texts(2)), Is.EqualTo(new BatchSummary(0, 2, 0)));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_a_killed_run_left_half_done_is_swept_away()
    {
        Folder.Write("batches/draft-3.jsonl", "x");
        Folder.Write("batches/cfx-process-1.jsonl", "x");
        Folder.Write("batches/cfx-process-1.json.partial", "x");
        Folder.Write("batches/cfx-process-1.results", "x");
        await FetchAsync("a");
        Assert.That(Files("*").Single(), Does.Match("^cfx-process-[0-9a-f]{16}\\.json$"));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_and_folder_are_readable_by_their_owner_alone()
    {
        var modes = new List<UnixFileMode>();
        Batches = Batches with
        {
            Writing = async (_, write) =>
            {
                await write();
                modes.AddRange(Directory.GetFiles(Batches.Folder).Select(File.GetUnixFileMode));
            },
        };
        await FetchAsync(Texts(2));
        Assert.That(modes, Is.Not.Empty.And.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(Batches.Folder), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }
}
