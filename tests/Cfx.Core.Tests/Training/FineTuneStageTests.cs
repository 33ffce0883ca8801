using System.Text.Json.Nodes;
using Cfx.Core.Generation;
using Cfx.Core.Training;
using static Cfx.Core.Tests.Training.ScriptedFineTuning;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class FineTuneStageTests
{
    private const string Example = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";
    private TemporaryFolder _folder = null!;
    private ScriptedFineTuning _service = null!;
    private SkippingTime _time = null!;
    private RecordingLogger<FineTuneStage> _logger = null!;
    private RecordingProgress _progress = null!;
    private FineTuneOptions _options = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _service = new ScriptedFineTuning();
        _time = new SkippingTime();
        _logger = new RecordingLogger<FineTuneStage>();
        _progress = new RecordingProgress();
        _options = new FineTuneOptions(
            "feedback", "sandbox", true, "base/model", _folder.WriteLines("t.jsonl", Example, Example), _folder.WriteLines("v.jsonl", Example),
            new Hyperparameters(3, 1e-5, null, true, null, 0, null), "Study Feedback!", _folder["models/feedback_job.json"], true,
            TimeSpan.FromSeconds(10), null, false);
    }

    [TearDown]
    public void End()
    {
        Assert.That(_service.Cancellations, Is.Zero);
        _folder.Dispose();
    }

    [Test]
    public async Task A_job_is_created_followed_and_recorded()
    {
        _service.Metrics.AddRange([new(2, 1.5, null), new(2, null, 1.75), new(1, 2.5, null)]);
        var record = await RunAsync();
        var json = JsonNode.Parse(await File.ReadAllTextAsync(_options.RecordPath))!;
        Assert.Multiple(() =>
        {
            Assert.That(record.IsCompleted, Is.True);
            Assert.That((string?)json["job_id"], Is.EqualTo("ft-1"));
            Assert.That((string?)json["status"], Is.EqualTo("completed"));
            Assert.That((string?)json["output_model"], Is.EqualTo(record.OutputModel));
            Assert.That((string?)json["suffix"], Does.Match("^study-feedback-[0-9a-f]{8}$").And.EndsWith(record.Fingerprint[..8]));
            Assert.That((bool)json["sandbox"]!, Is.True);
            Assert.That((int)json["training_file"]!["examples"]!, Is.EqualTo(2));
            Assert.That((string?)json["training_file"]!["sha256"], Has.Length.EqualTo(64));
            Assert.That((double)json["curve"]![1]!["eval_loss"]!, Is.EqualTo(1.75));
            Assert.That((double)json["curve"]![1]!["train_loss"]!, Is.EqualTo(1.5));
            Assert.That((decimal)json["estimated_price_usd"]!, Is.EqualTo(1.25m));
            Assert.That((decimal)json["price_usd"]!, Is.EqualTo(0.5m));
            Assert.That(json["submitted_at"], Is.Null);
            Assert.That(_service.Uploads, Is.EqualTo(new[] { "t.jsonl", "v.jsonl" }));
            Assert.That(_progress.Reports[^1], Does.StartWith("training steps 2/").And.Contain("loss 1.5000").And.Contain("validation loss 1.7500"));
        });
    }

    [TestCase(0, true, 1)]
    [TestCase(4, true, 4)]
    [TestCase(4, false, 0)]
    public async Task A_validation_file_is_scored_and_nothing_is_without_one(int asked, bool hasFile, int expected)
    {
        _options = _options with
        {
            ValidationPath = hasFile ? _options.ValidationPath : _folder.WriteLines("empty.jsonl"),
            Hyperparameters = _options.Hyperparameters with { Evaluations = asked },
        };
        await RunAsync();
        Assert.That(_service.Requests.Single().Hyperparameters.Evaluations, Is.EqualTo(expected));
        Assert.That(_service.Requests.Single().ValidationFileId, hasFile ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task Without_following_the_run_ends_pending_and_a_later_one_adopts_the_job()
    {
        var pending = Assert.ThrowsAsync<WorkPendingException>(() => RunAsync(_options with { Monitor = false }))!;
        var record = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(pending.Message, Does.Contain("ft-1").And.Contain("pending"));
            Assert.That(pending.ExitCode, Is.EqualTo(3));
            Assert.That(record.JobId, Is.EqualTo("ft-1"));
            Assert.That(_service.Jobs, Has.Count.EqualTo(1));
            Assert.That(_service.Uploads, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task A_complete_job_is_not_made_again_but_other_inputs_make_another()
    {
        var first = await RunAsync();
        var again = await RunAsync();
        var other = await RunAsync(_options with { Hyperparameters = _options.Hyperparameters with { Epochs = 4 } });
        var back = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(first).UsingPropertiesComparer());
            Assert.That(other.JobId, Is.EqualTo("ft-2"));
            Assert.That(other.EarlierJobs!.Single().JobId, Is.EqualTo("ft-1"));
            Assert.That(back.JobId, Is.EqualTo("ft-1"), "found again by its suffix");
            Assert.That(_service.Jobs, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task A_lost_reply_leads_to_exactly_one_job_even_when_the_list_lags()
    {
        _service.CreateFaults.Enqueue(CreateFault.ReplyLost);
        _service.ListLag = 4;
        var record = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_service.Jobs, Has.Count.EqualTo(1));
            Assert.That(record.JobId, Is.EqualTo("ft-1"));
            Assert.That(_logger.Lines, Has.Some.Contains("found job ft-1 by its suffix"));
        });
    }

    [Test]
    public async Task A_lost_reply_is_matched_by_file_or_model_name_when_the_list_lacks_the_suffix()
    {
        _service.CreateFaults.Enqueue(CreateFault.ReplyLost);
        _service.ListsWithoutSuffix = true;
        await RunAsync();
        Assert.That(_service.Jobs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_lost_request_is_sent_again_after_the_whole_window_only()
    {
        _service.CreateFaults.Enqueue(CreateFault.RequestLost);
        await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_service.Jobs, Has.Count.EqualTo(1));
            Assert.That(_time.Waits.Aggregate(TimeSpan.Zero, (a, b) => a + b), Is.GreaterThanOrEqualTo(_options.LostReplyWindow));
        });
    }

    [Test]
    public async Task A_run_killed_between_the_call_and_its_reply_finds_its_job_at_the_next()
    {
        _service.CreateFaults.Enqueue(CreateFault.ReplyLostAndCancelled);
        Assert.CatchAsync<OperationCanceledException>(() => RunAsync());
        var intent = await JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None);
        _service.ListLag = 2;
        var record = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That((intent!.Status, intent.JobId, intent.SubmittedAt is not null), Is.EqualTo((JobRecord.Intended, (string?)null, true)));
            Assert.That(record.JobId, Is.EqualTo("ft-1"));
            Assert.That(_service.Jobs, Has.Count.EqualTo(1));
            Assert.That(_service.Uploads, Has.Count.EqualTo(2), "uploaded files are used again");
        });
    }

    [Test]
    public async Task A_lost_record_is_replaced_by_the_job_in_the_list()
    {
        await RunAsync();
        File.Delete(_options.RecordPath);
        var record = await RunAsync();
        Assert.That((record.JobId, _service.Jobs.Count), Is.EqualTo(("ft-1", 1)));
    }

    [Test]
    public async Task A_job_with_our_suffix_is_ours_whatever_the_provider_calls_its_base_model()
    {
        await RunAsync();
        File.Delete(_options.RecordPath);
        _service.Jobs[0] = _service.Jobs[0] with { BaseModel = "base/model-canonical" };
        Assert.That((await RunAsync()).JobId, Is.EqualTo("ft-1"));
    }

    [Test]
    public async Task A_job_known_by_its_file_alone_must_be_of_our_base_model()
    {
        await RunAsync();
        File.Delete(_options.RecordPath);
        _service.Jobs[0] = _service.Jobs[0] with { BaseModel = "another", Suffix = null, OutputModel = null };
        Assert.That((await RunAsync()).JobId, Is.EqualTo("ft-2"));
    }

    [Test]
    public async Task A_refusal_is_recorded_and_nothing_is_sent_twice()
    {
        _service.CreateFaults.Enqueue(CreateFault.Refused);
        Assert.ThrowsAsync<ProviderException>(() => RunAsync());
        var refused = await JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None);
        var waits = _time.Waits.Count;
        var record = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(refused!.Status, Is.EqualTo(JobRecord.Rejected));
            Assert.That(refused.Failure, Does.Contain("no credit"));
            Assert.That(waits, Is.Zero);
            Assert.That((record.JobId, record.Attempt), Is.EqualTo(("ft-1", 1)));
        });
    }

    [TestCase("error")]
    [TestCase("user_error")]
    [TestCase("cancelled")]
    public async Task A_failed_job_is_reported_with_its_reason_and_the_next_run_trains_anew_under_another_suffix(string status)
    {
        _service.Way = ["running", status];
        _service.EventsByLook = [[Event("job_start", "Started")], [Event("job_error", "CUDA out of memory", "error", second: 5)]];
        var failure = Assert.ThrowsAsync<StageFailedException>(() => RunAsync())!;
        var failed = await JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None);
        _service.Way = ["completed"];
        var record = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(failure.Message, Does.Contain("ft-1").And.Contain(status).And.Contain("CUDA out of memory"));
            Assert.That(failed!.Failure, Is.EqualTo("CUDA out of memory"));
            Assert.That(failed.DurationSeconds, Is.EqualTo(5));
            Assert.That(record.JobId, Is.EqualTo("ft-2"));
            Assert.That(record.Suffix, Does.Match("^study-feedback-2-[0-9a-f]{8}$"));
            Assert.That(record.EarlierJobs!.Select(j => (j.JobId, j.Failure)), Is.EqualTo(new[] { ("ft-1", "CUDA out of memory") }));
            Assert.That(_logger.Lines, Has.Some.Contains("the last job ft-1 ended as " + status + " (CUDA out of memory)"));
        });
    }

    [Test]
    public async Task A_job_that_failed_while_nobody_looked_is_reported_before_it_is_tried_anew()
    {
        _service.Way = ["pending"];
        Assert.ThrowsAsync<WorkPendingException>(() => RunAsync(_options with { Monitor = false }));
        _service.Redirect("ft-1", "error");
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        _service.Way = ["completed"];
        Assert.That((await RunAsync()).Suffix, Does.Contain("-2-"));
    }

    [Test]
    public async Task A_failed_job_in_the_list_is_not_adopted_without_a_record()
    {
        _service.Way = ["error"];
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        File.Delete(_options.RecordPath);
        _service.Way = ["completed"];
        var record = await RunAsync();
        Assert.That((record.JobId, record.Attempt, _service.Jobs.Count), Is.EqualTo(("ft-2", 2, 2)));
    }

    [Test]
    public async Task Force_trains_anew_after_a_complete_job_but_follows_one_under_way()
    {
        await RunAsync();
        _service.Way = ["pending", "running", "completed"];
        Assert.ThrowsAsync<WorkPendingException>(() => RunAsync(_options with { Force = true, Monitor = false }));
        var record = await RunAsync(_options with { Force = true });
        Assert.That((record.JobId, record.Attempt, _service.Jobs.Count), Is.EqualTo(("ft-2", 2, 2)));
    }

    [Test]
    public async Task Each_event_is_logged_once_and_in_order_across_runs_too()
    {
        _service.Way = ["queued", "running", "running", "completed"];
        _service.EventsByLook =
        [
            [Event("job_pending", "one")],
            [Event("epoch", "two", step: 1, total: 4), Event("epoch", "two", step: 1, total: 4)],
            [Event("warn", "three: loss 0.5", "warning", 2, 4)],
            [Event("done", "four", step: 4, total: 4)],
        ];
        using var stop = new CancellationTokenSource();
        _time.OnWait = n =>
        {
            if (n == 2)
            {
                stop.Cancel();
            }
        };
        Assert.CatchAsync<OperationCanceledException>(() => Stage().RunAsync(_options, stop.Token));
        _time.OnWait = null;
        var record = await RunAsync();
        var logged = _logger.Lines.Where(l => l.Contains(" one", StringComparison.Ordinal) || l.Contains("two", StringComparison.Ordinal)
            || l.Contains("three", StringComparison.Ordinal) || l.Contains("four", StringComparison.Ordinal)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(logged.Select(l => l.Split(": ")[2].Split(' ', '(')[0]), Is.EqualTo(new[] { "one", "two", "two", "three", "four" }));
            Assert.That(logged[3], Does.StartWith("Warning").And.Contain("step 2 of 4"));
            Assert.That(record.Curve!.Single(), Is.EqualTo(new FineTuningMetric(2, 0.5, null)));
            Assert.That(record.Events!.Types, Does.ContainKey("epoch").WithValue(2));
            Assert.That(_progress.Reports[^1], Does.StartWith("training steps 4/4"));
        });
    }

    [Test]
    public void Ctrl_C_stops_following_leaves_the_job_and_a_record_to_go_on_from()
    {
        using var stop = new CancellationTokenSource();
        _service.Way = ["running"];
        _time.OnWait = _ => stop.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => Stage().RunAsync(_options, stop.Token));
        var record = JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None).Result!;
        Assert.That((record.JobId, record.Status), Is.EqualTo(("ft-1", "running")));
        Assert.That(_logger.Lines, Has.Some.Contains("stopped following job ft-1, which is not cancelled"));
    }

    [Test]
    public void The_deadline_ends_the_following_with_the_job_pending()
    {
        _service.Way = ["running"];
        var pending = Assert.ThrowsAsync<WorkPendingException>(() => RunAsync(_options with { Deadline = TimeSpan.FromSeconds(35) }))!;
        Assert.That(pending.Message, Does.Contain("ft-1").And.Contain("still running"));
        Assert.That(_time.Waits, Is.EqualTo(new[] { 10, 10, 10, 5 }.Select(s => TimeSpan.FromSeconds(s))));
    }

    [Test]
    public async Task Passing_trouble_while_following_is_waited_out_and_an_unknown_status_is_not_an_end()
    {
        _service.Way = ["paused_for_maintenance", "completed"];
        foreach (var status in (int[])[0, 503, 429])
        {
            _service.LookFaults.Enqueue(status);
        }

        Assert.That((await RunAsync()).IsCompleted, Is.True);
    }

    [Test]
    public void A_vanished_job_fails_the_stage_and_a_refused_look_is_not_waited_out()
    {
        _service.LookFaults.Enqueue(404);
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        _service.LookFaults.Enqueue(401);
        Assert.ThrowsAsync<ProviderException>(() => RunAsync());
    }

    [Test]
    public async Task A_recorded_job_that_a_paid_provider_does_not_know_is_not_bought_again_unless_forced()
    {
        _options = _options with { Provider = "together", Sandbox = false };
        await RunAsync();
        _service.Jobs.Clear();
        var failure = Assert.ThrowsAsync<StageFailedException>(() => RunAsync())!;
        Assert.That(failure.Message, Does.Contain("ft-1").And.Contain("--force"));
        Assert.That(_service.Jobs, Is.Empty);
        Assert.That((await RunAsync(_options with { Force = true })).IsCompleted, Is.True);
    }

    [Test]
    public async Task A_record_of_another_provider_is_never_overwritten()
    {
        await RunAsync();
        var before = await File.ReadAllTextAsync(_options.RecordPath);
        Assert.ThrowsAsync<MisuseException>(() => RunAsync(_options with { Provider = "together", Sandbox = false }));
        Assert.That(await File.ReadAllTextAsync(_options.RecordPath), Is.EqualTo(before));
    }

    [Test]
    public void Values_out_of_the_models_limits_are_named_together_before_anything_is_uploaded()
    {
        _service.Limits = new FineTuningLimits(2, 10, 1e-4, 1, 8, 16, 64, true, true);
        var misuse = Assert.ThrowsAsync<MisuseException>(
            () => RunAsync(_options with { Hyperparameters = new Hyperparameters(3, 1e-5, 32, true, 128, 1, null) }))!;
        Assert.Multiple(() =>
        {
            Assert.That(misuse.Message, Does.Contain("--epochs is 3, at most 2").And.Contain("--learning-rate is 1E-05, at least 0.0001"));
            Assert.That(misuse.Message, Does.Contain("--batch-size is 32, at most 16").And.Contain("LoRA rank is 128, at most 64"));
            Assert.That(_service.Uploads, Is.Empty);
        });
    }

    [Test]
    public void A_job_that_the_account_may_not_pay_for_is_not_created()
    {
        _service.Estimate = new FineTuningEstimate(99, null, null, false);
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        Assert.That(_service.Jobs, Is.Empty);
    }

    [Test]
    public void A_training_file_in_bad_form_is_named_with_its_lines_before_anything_is_sent()
    {
        File.AppendAllText(_options.TrainingPath, "\n{}\n");
        var misuse = Assert.ThrowsAsync<MisuseException>(() => RunAsync())!;
        Assert.That(misuse.Message, Does.Contain("t.jsonl").And.Contain("line 3: a blank line").And.Contain("line 4: no 'messages'"));
        Assert.That(_service.Lists, Is.Zero);
    }

    [Test]
    public async Task Both_arms_are_submitted_before_either_is_followed()
    {
        var other = _options with
        {
            Arm = "alternative",
            TrainingPath = _folder.WriteLines("t2.jsonl", Example),
            Suffix = "study-alternative",
            RecordPath = _folder["models/alternative_job.json"],
        };
        var stage = Stage();
        var first = await stage.SubmitAsync(_options, CancellationToken.None);
        var second = await stage.SubmitAsync(other, CancellationToken.None);
        Assert.That(_service.Jobs, Has.Count.EqualTo(2));
        Assert.That((await stage.FollowAsync(_options, first, CancellationToken.None)).OutputModel, Does.Contain("study-feedback"));
        Assert.That((await stage.FollowAsync(other, second, CancellationToken.None)).OutputModel, Does.Contain("study-alternative"));
    }

    [Test]
    public async Task A_record_of_its_own_is_found_by_fingerprint_and_otherwise_named_by_time()
    {
        var plan = await JobPlan.MakeAsync(_options, CancellationToken.None);
        var now = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);
        var path = await JobRecordFiles.FindOrNameAsync(_folder["models"], "input", "sandbox", plan, now, CancellationToken.None);
        await RunAsync(_options with { RecordPath = path });
        var later = await JobRecordFiles.FindOrNameAsync(_folder["models"], "input", "sandbox", plan, now.AddDays(1), CancellationToken.None);
        var other = await JobRecordFiles.FindOrNameAsync(_folder["models"], "input", "together", plan, now.AddDays(1), CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(Path.GetFileName(path), Is.EqualTo("input_finetune_20260506_070809.json"));
            Assert.That(later, Is.EqualTo(path));
            Assert.That(other, Does.EndWith("input_finetune_20260507_070809.json"));
        });
    }

    private FineTuneStage Stage() => new(_service, _time, _progress, _logger);

    private Task<JobRecord> RunAsync(FineTuneOptions? options = null) => Stage().RunAsync(options ?? _options, CancellationToken.None);

    [Test]
    public async Task Inputs_that_come_back_find_their_complete_job_though_their_first_one_failed()
    {
        _service.Way = ["error"];
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        _service.Way = ["completed"];
        var complete = await RunAsync();
        await RunAsync(_options with { Hyperparameters = _options.Hyperparameters with { Epochs = 4 } });
        var back = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(back.JobId, Is.EqualTo(complete.JobId));
            Assert.That(_service.Jobs, Has.Count.EqualTo(3));
        });
    }

    [Test]
    public async Task A_validation_loss_that_comes_after_its_steps_training_loss_is_recorded_too()
    {
        _service.Way = ["running", "completed"];
        _service.Metrics.Add(new(1, 2.0, null));
        _time.OnWait = _ => _service.Metrics.Add(new(1, null, 1.5));
        Assert.That((await RunAsync()).Curve!.Single(), Is.EqualTo(new FineTuningMetric(1, 2.0, 1.5)));
    }
}
