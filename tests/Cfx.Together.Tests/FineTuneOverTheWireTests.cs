using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Training;

namespace Cfx.Together.Tests;

/// <summary>The whole fine-tuning stage over HTTP, against a server that keeps its jobs.</summary>
[TestFixture]
public sealed class FineTuneOverTheWireTests : ClientFixture
{
    private const string Create = "POST /v1/fine-tunes";
    private const string Example = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";
    private readonly List<JsonObject> _jobs = [];
    private FineTuneOptions _options = null!;

    [SetUp]
    public void Provide()
    {
        _jobs.Clear();
        Server.Always("POST /v1/files", _ => new Answer(302, "", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Location"] = new Uri(Server.Root, "/put").AbsoluteUri,
            ["X-Together-File-Id"] = "file-1",
        }))
            .Always("PUT /put", new Answer(200, ""))
            .Always("GET /v1/files/file-1", Answer.Ok("""{"id":"file-1","processing_status":"COMPLETED"}"""))
            .Always(Create, r => Answer.Ok(Add(r).ToJsonString()))
            .Always("GET /v1/fine-tunes", _ => Answer.Ok(new JsonObject { ["data"] = new JsonArray([.. _jobs.Select(j => j.DeepClone())]) }.ToJsonString()))
            .Always("GET /v1/fine-tunes/ft-1", _ => Answer.Ok(Finished(0).ToJsonString()))
            .Always("GET /v1/fine-tunes/ft-1/events", Answer.Ok("""{"data":[{"created_at":"2026-01-02T03:04:06Z","type":"job_complete","level":"info","message":"done"}]}"""));
        _options = new FineTuneOptions(
            "feedback", "together", false, "org/base", Folder.WriteLines("t.jsonl", Example), null, new Hyperparameters(1, 1e-5, null, false, null, 0, null),
            "study", Folder["job.json"], true, TimeSpan.FromSeconds(30), null, false);
    }

    [TestCase(Break.BeforeTheReply)]
    [TestCase(Break.WithinTheBody)]
    public async Task A_lost_reply_of_the_paid_call_leads_to_exactly_one_job(Break lost)
    {
        Server.Once(Create, r => new Answer(200, Add(r).ToJsonString(), Break: lost));
        var record = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_jobs, Has.Count.EqualTo(1));
            Assert.That(Server.Count(Create), Is.EqualTo(1));
            Assert.That((record.JobId, record.OutputModel), Is.EqualTo(("ft-1", "me/tuned")));
        });
    }

    [Test]
    public async Task A_paid_call_that_never_arrived_is_sent_again_only_after_looking()
    {
        Server.Once(Create, Answer.Error(503, "busy"));
        await RunAsync();
        var routes = Server.Received.Select(r => r.Route).ToList();
        var first = routes.IndexOf(Create);
        Assert.That(_jobs, Has.Count.EqualTo(1));
        Assert.That(routes.Skip(first + 1).TakeWhile(r => r is not Create), Has.Some.EqualTo("GET /v1/fine-tunes"));
    }

    [Test]
    public async Task A_second_run_pays_nothing_and_asks_little()
    {
        var first = await RunAsync();
        var before = Server.Received.Count;
        var second = await RunAsync();
        Assert.That(second.JobId, Is.EqualTo(first.JobId));
        Assert.That(Server.Received.Skip(before).Select(r => r.Route), Is.EqualTo(new[] { "GET /v1/fine-tunes/ft-1" }));
    }

    [Test]
    public async Task Neither_record_nor_log_holds_the_key_when_the_provider_repeats_it()
    {
        Server.Always(Create, Answer.Error(401, $"bad key {Key}"));
        Failure(() => RunAsync());
        Assert.That(await File.ReadAllTextAsync(_options.RecordPath), Does.Contain("bad key [key]").And.Not.Contain(Key));
    }

    [Test]
    public void A_job_that_is_not_to_be_followed_ends_the_run_as_pending()
    {
        Assert.ThrowsAsync<WorkPendingException>(() => new FineTuneStage(Client.FineTuning, Time, Progress, Logger)
            .RunAsync(_options with { Monitor = false }, CancellationToken.None));
        Assert.That(_jobs, Has.Count.EqualTo(1));
    }

    private Task<JobRecord> RunAsync() =>
        new FineTuneStage(Client.FineTuning, Time, Progress, Logger).RunAsync(_options, CancellationToken.None);

    private JsonObject Add(Received request)
    {
        var body = JsonNode.Parse(request.Body)!;
        var job = new JsonObject
        {
            ["id"] = $"ft-{_jobs.Count + 1}",
            ["status"] = "pending",
            ["model"] = (string?)body["model"],
            ["suffix"] = (string?)body["suffix"],
            ["created_at"] = "2026-01-02T03:04:05.000Z",
        };
        _jobs.Add(job);
        return job;
    }

    private JsonObject Finished(int at)
    {
        var job = _jobs[at].DeepClone().AsObject();
        job["status"] = "completed";
        job["model_output_name"] = "me/tuned";
        return job;
    }
}
