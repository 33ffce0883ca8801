using System.Text.Json.Nodes;
using Cfx.Core.Training;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class TogetherFineTuningServiceTests : ClientFixture
{
    private const string Create = "POST /v1/fine-tunes";
    private const string Limits = "GET /v1/fine-tunes/models/limits";
    private const string Job = """{"id":"ft-1","status":"Pending","created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}""";

    private static readonly Hyperparameters Lora = new(3, 1e-5, null, true, null, 2, 42);

    [Test]
    public async Task A_LoRA_job_is_asked_for_with_the_largest_rank_and_only_fields_of_the_wire()
    {
        Server.Always(Limits, Answer.Ok("""{"lora_training":{"max_rank":64}}""")).Always(Create, Answer.Ok(Job));
        var job = await Client.FineTuning.CreateAsync(new FineTuningRequest("org/base", "file-1", "file-2", Lora, "s-01234567"), CancellationToken.None);
        var sent = Server.Last(Create).Body;
        Assert.Multiple(() =>
        {
            Assert.That(
                JsonNode.DeepEquals(JsonNode.Parse(sent), JsonNode.Parse(
                    """
                    {"training_file":"file-1","validation_file":"file-2","model":"org/base","n_epochs":3,"n_evals":2,"batch_size":"max","learning_rate":1E-05,
                     "training_type":{"type":"Lora","lora_r":64,"lora_alpha":128,"lora_dropout":0,"lora_trainable_modules":"all-linear"},
                     "training_method":{"method":"sft","train_on_inputs":"auto"},"random_seed":42,"suffix":"s-01234567"}
                    """)),
                sent);
            Assert.That(Server.Last(Limits).Query, Is.EqualTo("?model_name=org%2Fbase"));
            Assert.That((job.Id, job.Status), Is.EqualTo(("ft-1", "pending")));
            Assert.That(job.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero)));
        });
    }

    [Test]
    public async Task A_full_job_needs_no_limits_and_a_provider_without_limits_chooses_the_LoRA()
    {
        Server.Always(Create, Answer.Ok(Job)).Always(Limits, new Answer(404, """{"message":"unknown"}"""));
        var full = Lora with { Lora = false, BatchSize = 16, Seed = null };
        await Client.FineTuning.CreateAsync(new FineTuningRequest("b", "f", null, full, "s"), CancellationToken.None);
        var sent = JsonNode.Parse(Server.Last(Create).Body)!;
        Assert.That(((string?)sent["training_type"]!["type"], (int)sent["batch_size"]!, sent["random_seed"], (int)sent["n_evals"]!), Is.EqualTo(("Full", 16, (JsonNode?)null, 0)));
        Assert.That(sent.AsObject().ContainsKey("validation_file"), Is.False);
        Assert.That(Server.Count(Limits), Is.Zero);
        await Client.FineTuning.CreateAsync(new FineTuningRequest("b", "f", null, Lora, "s"), CancellationToken.None);
        Assert.That(JsonNode.Parse(Server.Last(Create).Body)!["training_type"], Is.Null);
        Assert.That(await Client.FineTuning.LimitsAsync("b", CancellationToken.None), Is.Null);
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(429)]
    [TestCase(408)]
    [TestCase(200)]
    [TestCase(0)]
    public void A_paid_call_is_sent_once_whatever_happens(int status)
    {
        Server.Always(Create, status == 0 ? new Answer(200, Job, Break: Break.BeforeTheReply) : new Answer(status, "{}"));
        var request = new FineTuningRequest("b", "f", null, Lora with { Lora = false }, "s");
        Failure(() => Client.FineTuning.CreateAsync(request, CancellationToken.None));
        Assert.That(Server.Count(Create), Is.EqualTo(1));
    }

    [Test]
    public void An_unknown_base_model_is_named_with_the_nearest_that_can_be_tuned()
    {
        Server.Always(Create, Answer.Error(404, "model not found"))
            .Always("GET /v1/fine-tunes/models/supported", Answer.Ok("""{"models":["org/base-Reference","x"]}"""));
        var request = new FineTuningRequest("org/base", "f", null, Lora with { Lora = false }, "s");
        Assert.That(
            Failure(() => Client.FineTuning.CreateAsync(request, CancellationToken.None)).Message, Does.Contain("Nearest known models: org/base-Reference"));
    }

    [TestCase("""{"model_output_name":"me/m-1"}""", "me/m-1")]
    [TestCase("""{"output_name":"me/m-1"}""", "me/m-1")]
    [TestCase("""{"x_model_output_name":"me/m-1","model_output_name":""}""", "me/m-1")]
    [TestCase("""{}""", null)]
    public async Task The_output_model_is_found_under_each_of_its_names(string fields, string? expected)
    {
        var json = JsonNode.Parse(fields)!.AsObject();
        json["id"] = "j";
        json["status"] = "COMPLETED";
        Server.Always("GET /v1/fine-tunes/j", Answer.Ok(json.ToJsonString()));
        var job = await Client.FineTuning.GetAsync("j", CancellationToken.None);
        Assert.That((job.OutputModel, job.Status), Is.EqualTo((expected, "completed")));
    }

    [Test]
    public async Task A_whole_job_is_read_with_its_price_in_dollars()
    {
        Server.Always("GET /v1/fine-tunes/j", Answer.Ok(
            """
            {"id":"j","status":"a_new_status","model":"b","suffix":"s","training_file":"f","total_price":1500000000,"token_count":850000,
             "progress":{"estimate_available":true,"seconds_remaining":12.5},"events":[{"x":1}],"batch_size":"max","created_at":1700000000}
            """));
        var job = await Client.FineTuning.GetAsync("j", CancellationToken.None);
        Assert.That(job, Is.EqualTo(new FineTuningJob(
            "j", "a_new_status", "b", null, "s", "f", DateTimeOffset.FromUnixTimeSeconds(1700000000), 1.5m, 850000, 12.5)));
    }

    [TestCase("""{"data":[{"id":"a","status":"running"},{"id":"c","status":"error"}]}""")]
    [TestCase("""[{"id":"a","status":"running"},{"id":"c","status":"error"}]""")]
    public async Task Jobs_are_listed_from_either_envelope(string body)
    {
        Server.Always("GET /v1/fine-tunes", Answer.Ok(body));
        var jobs = await Client.FineTuning.ListAsync(CancellationToken.None);
        Assert.That(jobs.Select(j => j.Id), Is.EqualTo(new[] { "a", "c" }));
    }

    [TestCase("""{"data":[{"id":"a","status":"running"},{"id":"b"}]}""")]
    [TestCase("""[{"id":"a","status":"running"},{"status":"running","suffix":"s"}]""")]
    [TestCase("""[7]""")]
    [TestCase("""[null]""")]
    public async Task A_list_with_a_job_that_cannot_be_read_is_asked_for_again_before_anything_is_looked_for_in_it(string list)
    {
        Server.Once("GET /v1/fine-tunes", Answer.Ok(list)).Always("GET /v1/fine-tunes", Answer.Ok("""[{"id":"a","status":"running"},{"id":"b","status":"running"}]"""));
        Assert.That((await Client.FineTuning.ListAsync(CancellationToken.None)).Select(j => j.Id), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void A_list_of_jobs_that_stays_unreadable_is_told_in_one_line()
    {
        Server.Always("GET /v1/fine-tunes", Answer.Ok("""[{"id":"a","status":"running"},{"id":"b"}]"""));
        Assert.That(Failure(() => Client.FineTuning.ListAsync(CancellationToken.None)).Message, Does.Contain("GET /fine-tunes").And.Contain("element 2").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Of_the_jobs_that_made_a_model_only_one_that_speaks_of_it_must_be_readable()
    {
        const string Made = """{"id":"a","status":"completed","model_output_name":"me/model"}""";
        Server.Once("GET /v1/fine-tunes", Answer.Ok($$"""[{{Made}},{"id":"b","model_output_name":"me/other"},7]"""))
            .Once("GET /v1/fine-tunes", Answer.Ok($$"""[{{Made}},{"id":"b","model_output_name":"me\/model"}]"""))
            .Always("GET /v1/fine-tunes", Answer.Ok($$"""[{{Made}},{"id":"b","status":"completed","model_output_name":"me/model"}]"""));

        Assert.That((await Client.FineTuning.ListMakersAsync("me/model", CancellationToken.None)).Select(j => j.Id), Is.EqualTo(new[] { "a" }));
        Assert.That((await Client.FineTuning.ListMakersAsync("me/model", CancellationToken.None)).Select(j => j.Id), Is.EqualTo(new[] { "a", "b" }), "the second list was asked for again");
    }

    [Test]
    public async Task Jobs_that_are_shown_leave_out_what_cannot_be_read_with_a_warning()
    {
        Server.Always("GET /v1/fine-tunes", Answer.Ok("""{"data":[{"id":"a","status":"running"},{"id":"b"},7,{"id":"c","status":"error"}]}"""));
        Assert.That((await Client.FineTuning.ListReadableAsync(CancellationToken.None)).Select(j => j.Id), Is.EqualTo(new[] { "a", "c" }));
        Assert.That(Logger.Lines, Has.Some.Contains("2 of 4"));
    }

    [TestCase("0.4")]
    [TestCase("[1]")]
    [TestCase("\"soon\"")]
    [TestCase("null")]
    public async Task A_job_whose_progress_is_of_another_form_is_read_without_it(string progress)
    {
        Server.Always("GET /v1/fine-tunes", Answer.Ok($$"""[{"id":"a","status":"running","progress":{{progress}}}]"""));
        Assert.That((await Client.FineTuning.ListAsync(CancellationToken.None)).Single().SecondsRemaining, Is.Null);
    }

    [Test]
    public async Task Events_of_either_case_are_read_oldest_first()
    {
        Server.Always("GET /v1/fine-tunes/j/events", Answer.Ok(
            """
            {"data":[{"object":"fine-tune-event","created_at":"2026-01-02T03:04:07Z","level":"Info","message":"m2","type":"EPOCH_COMPLETE","step":3,"total_steps":9},
                     {"object":"fine-tune-event","created_at":"2026-01-02T03:04:06Z","message":"m1","type":"job_pending"}]}
            """));
        var events = await Client.FineTuning.EventsAsync("j", CancellationToken.None);
        Assert.That(events.Select(e => (e.Type, e.Level, e.Message, e.Step, e.TotalSteps)), Is.EqualTo(new (string, string, string, int?, int?)[]
        {
            ("job_pending", "", "m1", null, null), ("epoch_complete", "info", "m2", 3, 9),
        }));
    }

    [Test]
    public async Task Metrics_are_read_where_they_are_and_none_where_there_are_none()
    {
        Server.Always("GET /v1/fine-tunes/j/metrics", Answer.Ok(
            """{"metrics":[{"eval/loss":1.5,"eval/global_step":2},{"train/loss":2.5,"train/global_step":1,"train/lr":1e-5},{"train/note":"x"},7]}"""));
        var metrics = await Client.FineTuning.MetricsAsync("j", CancellationToken.None);
        Assert.That(metrics, Is.EqualTo(new FineTuningMetric[] { new(1, 2.5, null), new(2, null, 1.5) }));
        Assert.That(await Client.FineTuning.MetricsAsync("other", CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Limits_prices_checkpoints_and_cancelling_are_read()
    {
        Server.Always(Limits, Answer.Ok(
                """{"model_name":"b","full_training":{"max_batch_size":8,"min_batch_size":4},"lora_training":{"max_batch_size":16,"min_batch_size":8,"max_rank":64},"max_num_epochs":20,"max_num_evals":100,"max_learning_rate":1.0,"min_learning_rate":1e-8}"""))
            .Once("POST /v1/fine-tunes/estimate-price", Answer.Ok(
                """{"estimated_total_price":4.25,"allowed_to_proceed":true,"user_limit":100,"estimated_train_token_count":12,"estimated_eval_token_count":3}"""))
            .Once("POST /v1/fine-tunes/estimate-price", Answer.Ok("""{"estimation_available":false,"unavailable_reason":"train_file_not_validated"}"""))
            .Always("GET /v1/fine-tunes/j/checkpoints", Answer.Ok("""{"data":[{"step":4,"checkpoint_type":"Final"},{"step":2,"path":"p"}]}"""))
            .Always("POST /v1/fine-tunes/j/cancel", Answer.Ok("""{"id":"j","status":"cancel_requested"}"""));
        var request = new FineTuningRequest("b", "f", null, Lora, "s");
        Assert.Multiple(async () =>
        {
            Assert.That(
                await Client.FineTuning.LimitsAsync("b", CancellationToken.None),
                Is.EqualTo(new FineTuningLimits(20, 100, 1e-8, 1, 4, 16, 64, true, true)));
            Assert.That(
                await Client.FineTuning.EstimateAsync(request, CancellationToken.None), Is.EqualTo(new FineTuningEstimate(4.25m, 12, 3, true)));
            Assert.That(await Client.FineTuning.EstimateAsync(request, CancellationToken.None), Is.Null);
            Assert.That((await Client.FineTuning.CheckpointsAsync("j", CancellationToken.None)).Select(c => c.Step), Is.EqualTo(new double?[] { 2, 4 }));
            Assert.That((await Client.FineTuning.CancelAsync("j", CancellationToken.None)).Status, Is.EqualTo("cancel_requested"));
        });
    }
}
