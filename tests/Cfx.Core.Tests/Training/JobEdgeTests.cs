using Cfx.Core.Training;
using static Cfx.Core.Tests.Training.ScriptedFineTuning;

namespace Cfx.Core.Tests.Training;

/// <summary>Ways in which a job's life may differ from the usual.</summary>
[TestFixture]
public sealed class JobEdgeTests
{
    private const string Example = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";
    private TemporaryFolder _folder = null!;
    private ScriptedFineTuning _service = null!;
    private FineTuneOptions _options = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _service = new ScriptedFineTuning();
        _options = new FineTuneOptions(
            "feedback", "together", false, "base/model", _folder.WriteLines("t.jsonl", Example), null,
            new Hyperparameters(3, 1e-5, null, true, null, 0, null), "feedback", _folder["feedback_job.json"], true,
            TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), false);
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [TestCase("completed", true, false)]
    [TestCase("cancelled", true, true)]
    [TestCase("error", true, true)]
    [TestCase("user_error", true, true)]
    [TestCase("failed", true, true)]
    [TestCase("canceled", true, true)]
    [TestCase("cancel_requested", false, false)]
    [TestCase("compressing", false, false)]
    [TestCase("a word of next year", false, false)]
    [TestCase("", false, false)]
    public void Every_status_word_ends_a_job_or_does_not(string status, bool terminal, bool failure) =>
        Assert.That((JobStatus.IsTerminal(status), JobStatus.IsFailure(status)), Is.EqualTo((terminal, failure)));

    [TestCase("error")]
    [TestCase("user_error")]
    [TestCase("cancelled")]
    [TestCase("failed")]
    public void A_job_that_ended_without_a_model_says_how_and_shows_its_error_events(string status)
    {
        _service.Way = ["running", status];
        _service.EventsByLook = [[Event("job_start", "begun")], [Event("job_error", "bad row 7", "error")]];
        var failure = Assert.ThrowsAsync<StageFailedException>(() => RunAsync())!;
        Assert.That(failure.Message, Does.Contain("ft-1").And.Contain($"ended as {status}").And.Contain("bad row 7").And.Not.Contain("vanished"));
    }

    [Test]
    public void A_job_that_vanishes_is_told_apart_from_one_that_failed()
    {
        _service.Way = ["running"];
        _service.OnLook = _ => _service.Jobs.Clear();
        var failure = Assert.ThrowsAsync<StageFailedException>(() => RunAsync())!;
        Assert.That(failure.Message, Does.Contain("ft-1").And.Contain("has vanished").And.Not.Contain("ended as"));
    }

    [Test]
    public async Task A_job_that_hangs_ends_the_run_pending_at_the_deadline_and_is_collected_later()
    {
        _service.Way = ["running"];
        var pending = Assert.ThrowsAsync<WorkPendingException>(() => RunAsync())!;
        Assert.That(pending.ExitCode, Is.EqualTo(3));
        _service.Redirect("ft-1", "completed");
        Assert.That((await RunAsync()).JobId, Is.EqualTo("ft-1"));
        Assert.That(_service.Jobs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_models_name_that_comes_after_the_end_is_waited_for()
    {
        _service.Way = ["completed"];
        _service.NamesLate = true;
        var looks = 0;
        _service.OnLook = id => _service.Rename(id, ++looks < 3 ? null : "me/late");
        Assert.That((await RunAsync()).OutputModel, Is.EqualTo("me/late"));
    }

    [Test]
    public void A_model_that_is_named_early_is_not_taken_before_the_job_is_complete()
    {
        _service.Way = ["running", "error"];
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        Assert.That(JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None).Result!.IsCompleted, Is.False);
    }

    [Test]
    public void A_complete_job_that_never_names_its_model_fails_with_a_word_of_what_to_do()
    {
        _service.Way = ["completed"];
        _service.NamesLate = true;
        Assert.That(() => RunAsync(), Throws.InstanceOf<StageFailedException>().With.Message.Contains("names no model"));
    }

    private Task<JobRecord> RunAsync() =>
        new FineTuneStage(_service, new SkippingTime(), new RecordingProgress(), new RecordingLogger<FineTuneStage>()).RunAsync(_options, CancellationToken.None);
}
