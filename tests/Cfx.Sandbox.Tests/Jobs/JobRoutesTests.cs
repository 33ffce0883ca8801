using System.Text.Json.Nodes;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Jobs;

[CancelAfter(60_000)]
internal sealed class JobRoutesTests
{
    private Harness _server = null!;
    private string _file = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await Harness.StartAsync(Harness.NewFolder());
        _file = await _server.UploadAsync(Harness.TrainingLines(10));
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task A_job_trains_a_model_that_answers_by_its_name()
    {
        var created = await CreateAsync(""","n_epochs":3,"suffix":"mine","learning_rate":0.1""");
        var job = await _server.FinishAsync(created["id"]!.GetValue<string>());
        var name = job["model_output_name"]!.GetValue<string>();

        Assert.That(created["status"]!.GetValue<string>(), Is.EqualTo("pending"));
        Assert.That(created["id"]!.GetValue<string>(), Does.StartWith("ft-"));
        Assert.That(name, Does.Match("^sandbox-user/small-mine-[0-9a-f]{8}$"));
        Assert.That(name, Is.EqualTo(created["model_output_name"]!.GetValue<string>()));
        Assert.That(job["status"]!.GetValue<string>(), Is.EqualTo("completed"));
        Assert.That(job["total_price"]!.GetValue<int>(), Is.Zero);
        Assert.That(job["batch_size"]!.GetValue<int>(), Is.EqualTo(4), "max is the model's limit");
        Assert.That(job["training_type"]!["lora_r"]!.GetValue<int>(), Is.EqualTo(8));
        Assert.That(job["epochs_completed"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(job["token_count"]!.GetValue<int>(), Is.EqualTo(3 * 40));
        Assert.That(job["created_at"]!.GetValue<string>(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));

        Assert.That(((JsonArray)await _server.GetAsync("models")).Select(model => model!["id"]!.GetValue<string>()), Does.Contain(name));
        var reply = await _server.PostAsync(
            "chat/completions", $$"""{"model":"{{name}}","messages":[{"role":"user","content":"hi"}],"seed":1}""");
        Assert.That(reply["model"]!.GetValue<string>(), Is.EqualTo(name));
        Assert.That(reply["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Does.StartWith("[fake/small tuned "));
    }

    [Test]
    public async Task Events_tell_the_story_in_order_with_steps_and_losses()
    {
        var validation = await _server.UploadAsync(Harness.TrainingLines(2, "other"), "validation.jsonl");
        var id = (await CreateAsync(""","n_epochs":2,"n_evals":1,"validation_file":""" + $"\"{validation}\""))["id"]!.GetValue<string>();
        await _server.FinishAsync(id);
        var events = (await _server.GetAsync($"fine-tunes/{id}/events"))["data"]!.AsArray();

        Assert.That(events.Select(entry => entry!["type"]!.GetValue<string>()), Is.EqualTo(new[]
        {
            "job_pending", "job_start", "training_start", "epoch_complete", "epoch_complete", "training_complete",
            "model_compressing", "model_uploading", "model_upload_complete", "job_complete",
        }));
        var last = events[4]!;
        Assert.That(last["message"]!.GetValue<string>(), Is.EqualTo("Epoch 2/2 complete: step 6/6, loss 0.1667, validation loss 0.5000"));
        Assert.That((last["step"]!.GetValue<int>(), last["total_steps"]!.GetValue<int>()), Is.EqualTo((6, 6)));
        foreach (var field in new[]
        {
            "object", "created_at", "level", "message", "type", "param_count", "token_count", "total_steps", "wandb_url", "step", "checkpoint_path",
            "model_path", "training_offset", "hash",
        })
        {
            Assert.That(events.All(entry => entry!.AsObject().ContainsKey(field)), Is.True, field);
        }

        Assert.That((await _server.GetAsync("fine-tunes/" + id))["events"]!.ToJsonString(), Is.EqualTo(events.ToJsonString()));
    }

    [Test]
    public async Task Metrics_are_filtered_by_query_and_by_body()
    {
        var validation = await _server.UploadAsync(Harness.TrainingLines(2, "other"), "validation.jsonl");
        var id = (await CreateAsync(""","n_epochs":2,"n_evals":1,"validation_file":""" + $"\"{validation}\""))["id"]!.GetValue<string>();
        await _server.FinishAsync(id);
        var all = (await _server.GetAsync($"fine-tunes/{id}/metrics"))["metrics"]!.AsArray();
        var byQuery = (await _server.GetAsync($"fine-tunes/{id}/metrics?global_step_from=2&global_step_to=3&resolution=9"))["metrics"]!.AsArray();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"fine-tunes/{id}/metrics")
        {
            Content = Harness.Json("""{"global_step_from":2,"global_step_to":3,"logged_at_from":"2001-01-01T00:00:00Z"}"""),
        };
        using var response = await _server.Client.SendAsync(request);
        var byBody = (await Harness.ReadAsync(response))["metrics"]!;

        Assert.That(all, Has.Count.EqualTo(7));
        Assert.That(all[0]!["train/loss"]!.GetValue<double>(), Is.EqualTo(1.0));
        Assert.That(all[6]!["eval/loss"]!.GetValue<double>(), Is.EqualTo(0.5));
        Assert.That(all[6]!["eval/global_step"]!.GetValue<int>(), Is.EqualTo(6));
        Assert.That(byQuery.Select(metric => metric!["train/global_step"]!.GetValue<int>()), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(byBody.ToJsonString(), Is.EqualTo(byQuery.ToJsonString()));
        Assert.That((await _server.GetAsync($"fine-tunes/{id}/metrics?logged_at_to=2001-01-01T00:00:00Z"))["metrics"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Checkpoints_are_listed_and_each_answers()
    {
        var id = (await CreateAsync(""","n_epochs":2,"n_checkpoints":3"""))["id"]!.GetValue<string>();
        var name = (await _server.FinishAsync(id))["model_output_name"]!.GetValue<string>();
        var points = (await _server.GetAsync($"fine-tunes/{id}/checkpoints"))["data"]!.AsArray();

        Assert.That(points.Select(point => point!["path"]!.GetValue<string>()), Is.EqualTo(new[] { id + ":2", id + ":4", name }));
        Assert.That(points.Select(point => point!["checkpoint_type"]!.GetValue<string>()), Is.EqualTo(new[] { "Intermediate", "Intermediate", "Final" }));
        var answers = new List<string>();
        foreach (var point in points)
        {
            var reply = await _server.PostAsync(
                "chat/completions", $$"""{"model":"{{point!["path"]}}","messages":[{"role":"user","content":"hi"}],"seed":1}""");
            answers.Add(reply["choices"]![0]!["message"]!["content"]!.GetValue<string>());
        }

        Assert.That(answers, Is.Unique);
    }

    [Test]
    public async Task The_same_job_again_is_another_job_with_another_model()
    {
        var first = await CreateAsync(""","suffix":"s" """);
        var second = await CreateAsync(""","suffix":"s" """);
        var other = await CreateAsync(""","suffix":"t" """);
        var jobs = (await _server.GetAsync("fine-tunes"))["data"]!.AsArray();

        Assert.That(new[] { first, second, other }.Select(job => job["id"]!.GetValue<string>()), Is.Unique);
        Assert.That(new[] { first, second }.Select(job => job["model_output_name"]!.GetValue<string>()), Is.Unique);
        Assert.That(
            jobs.Select(job => job!["id"]!.GetValue<string>()),
            Is.EqualTo(new[] { first, second, other }.Select(job => job["id"]!.GetValue<string>())));
    }

    [Test]
    public async Task Ids_and_names_follow_from_content_on_any_server()
    {
        await using var elsewhere = await Harness.StartAsync(Harness.NewFolder());
        await elsewhere.UploadAsync("{}", "unrelated.jsonl");
        var file = await elsewhere.UploadAsync(Harness.TrainingLines(10), "under-another-name.jsonl");

        var here = await CreateAsync(string.Empty);
        var there = await elsewhere.PostAsync("fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}"}""");

        Assert.That(there["id"]!.GetValue<string>(), Is.EqualTo(here["id"]!.GetValue<string>()));
        Assert.That(there["model_output_name"]!.GetValue<string>(), Is.EqualTo(here["model_output_name"]!.GetValue<string>()));
    }

    [Test]
    public async Task What_training_has_no_use_for_is_taken_and_said()
    {
        var id = (await CreateAsync("""
            ,"lr_scheduler":{"lr_scheduler_type":"cosine","lr_scheduler_args":{"min_lr_ratio":0,"num_cycles":0.5}},"validation_file":"",
            "warmup_ratio":0.1,"training_method":{"method":"sft","train_on_inputs":"auto"},"unknown":1,"random_seed":null,
            "training_type":{"type":"Full"}
            """))["id"]!.GetValue<string>();
        var job = await _server.FinishAsync(id);

        Assert.That(job["training_type"]!.ToJsonString(), Is.EqualTo("""{"type":"Full"}"""));
        Assert.That(job["lr_scheduler"]!["lr_scheduler_type"]!.GetValue<string>(), Is.EqualTo("cosine"));
        Assert.That(
            job["events"]!.AsArray().Single(entry => entry!["level"]!.GetValue<string>() is "warning")!["message"]!.GetValue<string>(),
            Does.EndWith("lr_scheduler, warmup_ratio"));
    }

    [TestCase(""","n_epochs":0""", "n_epochs")]
    [TestCase(""","n_epochs":11""", "n_epochs")]
    [TestCase(""","n_evals":6""", "n_evals")]
    [TestCase(""","n_checkpoints":0""", "n_checkpoints")]
    [TestCase(""","batch_size":5""", "batch_size")]
    [TestCase(""","batch_size":"most" """, "batch_size")]
    [TestCase(""","learning_rate":-0.1""", "learning_rate")]
    [TestCase(""","learning_rate":"fast" """, "learning_rate")]
    [TestCase(""","warmup_ratio":2""", "warmup_ratio")]
    [TestCase(""","suffix":"a-suffix-of-more-than-forty-characters-is-refused" """, "suffix")]
    [TestCase(""","suffix":"../up" """, "suffix")]
    [TestCase(""","training_type":{"type":"lora"}""", "training_type.type")]
    [TestCase(""","training_type":{"type":"Lora","lora_alpha":8}""", "lora_r")]
    [TestCase(""","training_type":{"type":"Lora","lora_r":9,"lora_alpha":8}""", "lora_r")]
    [TestCase(""","training_type":{"type":"Lora","lora_r":8}""", "lora_alpha")]
    [TestCase(""","training_type":{"type":"Lora","lora_r":8,"lora_alpha":8,"lora_dropout":1}""", "lora_dropout")]
    [TestCase(""","training_method":{"method":"sft"}""", "training_method.train_on_inputs")]
    [TestCase(""","training_method":{"method":"sft","train_on_inputs":"always"}""", "training_method.train_on_inputs")]
    [TestCase(""","training_method":{"method":"dpo"}""", "training_file")]
    [TestCase(""","training_method":{"method":"dpo","dpo_beta":0}""", "dpo_beta")]
    [TestCase(""","lr_scheduler":{"lr_scheduler_type":"steps"}""", "lr_scheduler.lr_scheduler_type")]
    [TestCase(""","from_checkpoint":"ft-1" """, "from_checkpoint")]
    public async Task A_value_outside_the_limits_is_refused_with_its_field(string fields, string param)
    {
        var (status, error) = await _server.FailAsync(HttpMethod.Post, "fine-tunes", Body(_file, fields));

        Assert.That((status, error["param"]?.GetValue<string>()), Is.EqualTo((400, param)), error.ToJsonString());
        Assert.That((await _server.GetAsync("fine-tunes"))["data"]!.AsArray(), Is.Empty);
    }

    [TestCase("""{"model":"fake/small"}""", 400, "training_file")]
    [TestCase("""{"training_file":"file-1"}""", 400, "model")]
    [TestCase("""{"model":"no/such","training_file":"file-1"}""", 404, "model")]
    [TestCase("""{"model":"fake/judge","training_file":"file-1"}""", 400, "model")]
    [TestCase("""{"model":"fake/small","training_file":"file-1"}""", 404, "training_file")]
    public async Task A_job_needs_a_model_and_a_file_that_are_there(string body, int status, string param)
    {
        var (actual, error) = await _server.FailAsync(HttpMethod.Post, "fine-tunes", body);

        Assert.That((actual, error["param"]!.GetValue<string>()), Is.EqualTo((status, param)));
    }

    [TestCase("batch-api", "anything", "uploaded for 'batch-api'")]
    [TestCase("fine-tune", "{}", "is not valid: line 1")]
    [TestCase("fine-tune", """{"text":"t"}""", "form general")]
    public async Task A_file_that_training_cannot_read_is_refused_with_the_reason(string purpose, string content, string reason)
    {
        var file = await _server.UploadAsync(content, "other.jsonl", purpose);
        var (status, error) = await _server.FailAsync(HttpMethod.Post, "fine-tunes", Body(file, string.Empty));

        Assert.That(status, Is.EqualTo(400));
        Assert.That(error["message"]!.GetValue<string>(), Does.Contain(reason));
    }

    [Test]
    public async Task A_file_is_used_only_once_its_processing_has_been_seen_to_end()
    {
        await using var slow = await Harness.StartAsync(Harness.NewFolder(), options => options with { FileProcessingPolls = 1 });
        var file = await slow.UploadAsync(Harness.TrainingLines(1));
        var (_, early) = await slow.FailAsync(HttpMethod.Post, "fine-tunes", Body(file, string.Empty));
        await slow.GetAsync("files/" + file);

        Assert.That(early["message"]!.GetValue<string>(), Does.Contain("not been processed"));
        Assert.That((await slow.PostAsync("fine-tunes", Body(file, string.Empty)))["status"]!.GetValue<string>(), Is.EqualTo("pending"));
    }

    [Test]
    public async Task Training_on_nothing_ends_in_an_error_that_says_so()
    {
        var file = await _server.UploadAsync(
            """{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":0}]}""", "none.jsonl");
        var created = await _server.PostAsync("fine-tunes", Body(file, string.Empty));
        var job = await _server.FinishAsync(created["id"]!.GetValue<string>());

        Assert.That(job["status"]!.GetValue<string>(), Is.EqualTo("error"));
        Assert.That(job["events"]!.AsArray()[^1]!["type"]!.GetValue<string>(), Is.EqualTo("job_error"));
        Assert.That(job["events"]!.AsArray()[^1]!["message"]!.GetValue<string>(), Does.Contain("weight 1"));
    }

    [Test]
    public async Task A_finished_job_cannot_be_cancelled_and_an_unknown_one_is_not_found()
    {
        var id = (await CreateAsync(string.Empty))["id"]!.GetValue<string>();
        await _server.FinishAsync(id);

        Assert.That((await _server.FailAsync(HttpMethod.Post, $"fine-tunes/{id}/cancel")).Status, Is.EqualTo(400));
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "fine-tunes/ft-no"), (HttpMethod.Get, "fine-tunes/ft-no/events"), (HttpMethod.Get, "fine-tunes/ft-no/metrics"),
            (HttpMethod.Get, "fine-tunes/ft-no/checkpoints"), (HttpMethod.Post, "fine-tunes/ft-no/cancel"), (HttpMethod.Delete, "fine-tunes/ft-no"),
        })
        {
            Assert.That((await _server.FailAsync(method, path)).Status, Is.EqualTo(404), path);
        }
    }

    [Test]
    public async Task A_deleted_job_takes_its_model_along_and_its_id_is_not_given_again()
    {
        var first = await CreateAsync(string.Empty);
        var id = first["id"]!.GetValue<string>();
        var name = (await _server.FinishAsync(id))["model_output_name"]!.GetValue<string>();
        using var deleted = await _server.Client.DeleteAsync($"fine-tunes/{id}?force=true");

        Assert.That((await Harness.ReadAsync(deleted))["message"]!.GetValue<string>(), Does.Contain(id));
        Assert.That((await _server.FailAsync(HttpMethod.Get, "fine-tunes/" + id)).Status, Is.EqualTo(404));
        var (status, _) = await _server.FailAsync(HttpMethod.Post, "chat/completions", $$"""{"model":"{{name}}","messages":[{"role":"user","content":"x"}]}""");
        Assert.That(status, Is.EqualTo(404));
        Assert.That((await CreateAsync(string.Empty))["id"]!.GetValue<string>(), Is.Not.EqualTo(id));
    }

    [Test]
    public async Task Limits_supported_models_and_the_price_are_told()
    {
        var limits = await _server.GetAsync("fine-tunes/models/limits?model_name=fake/small");
        using var none = await _server.Client.GetAsync("fine-tunes/models/limits?model_name=fake/judge");
        var validation = await _server.UploadAsync(Harness.TrainingLines(2), "validation.jsonl");
        var price = await _server.PostAsync(
            "fine-tunes/estimate-price", $$"""{"training_file":"{{_file}}","validation_file":"{{validation}}","model":"fake/small","n_epochs":3,"n_evals":2}""");
        var invalid = await _server.UploadAsync("{}", "invalid.jsonl");
        var unknown = await _server.PostAsync("fine-tunes/estimate-price", $$"""{"training_file":"{{invalid}}"}""");

        Assert.That(limits["lora_training"]!["max_rank"]!.GetValue<int>(), Is.EqualTo(8));
        Assert.That(limits["full_training"]!["max_batch_size"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(limits["min_learning_rate"]!.GetValue<double>(), Is.Zero);
        Assert.That((int)none.StatusCode, Is.EqualTo(404));
        Assert.That((await Harness.ReadAsync(none)).AsObject().Select(field => field.Key), Is.EqualTo(new[] { "message" }));
        Assert.That((await _server.GetAsync("fine-tunes/models/supported")).ToJsonString(), Is.EqualTo("""{"models":["fake/small"]}"""));
        Assert.That(price["estimated_total_price"]!.GetValue<int>(), Is.Zero);
        Assert.That(price["allowed_to_proceed"]!.GetValue<bool>(), Is.True);
        Assert.That(price["estimated_train_token_count"]!.GetValue<int>(), Is.EqualTo(3 * 40));
        Assert.That(price["estimated_eval_token_count"]!.GetValue<int>(), Is.EqualTo(2 * 8));
        Assert.That(unknown["unavailable_reason"]!.GetValue<string>(), Is.EqualTo("train_file_invalid"));
    }

    private static string Body(string file, string fields) => $$"""{"model":"fake/small","training_file":"{{file}}"{{fields}}}""";

    private Task<JsonNode> CreateAsync(string fields) => _server.PostAsync("fine-tunes", Body(_file, fields));
}
