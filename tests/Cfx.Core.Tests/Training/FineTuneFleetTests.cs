using Cfx.Core.Training;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class FineTuneFleetTests
{
    private const string Example = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";
    private TemporaryFolder _folder = null!;
    private ScriptedFineTuning _service = null!;
    private RecordingLogger<FineTuneStage> _logger = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _service = new ScriptedFineTuning { Way = ["running", "completed"] };
        _logger = new RecordingLogger<FineTuneStage>();
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task All_jobs_are_created_before_any_is_looked_at()
    {
        var arms = Arms(3);
        await using var fleet = Begun(4, arms);
        foreach (var arm in arms)
        {
            Assert.That((await fleet.CollectAsync(arm, CancellationToken.None)).OutputModel, Does.Contain(arm.Arm));
        }

        Assert.That(_service.Calls.Take(3), Has.All.StartsWith("create"));
        Assert.That(_service.Calls.Count(c => c.StartsWith("create", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task No_more_jobs_are_under_way_than_allowed_and_the_next_is_created_as_one_ends()
    {
        var most = 0;
        _service.Way = ["running", "running", "completed"];
        _service.Instant = _ => most = Math.Max(most, _service.Jobs.Count(j => j.Status != "completed"));
        var arms = Arms(6);
        await using var fleet = Begun(2, arms);
        foreach (var arm in arms)
        {
            Assert.That((await fleet.CollectAsync(arm, CancellationToken.None)).IsCompleted, Is.True);
        }

        Assert.That(most, Is.EqualTo(2));
        Assert.That(_service.Jobs, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task One_failed_job_does_not_lose_the_others()
    {
        var arms = Arms(3);
        _service.Instant = what =>
        {
            if (what == "after the POST" && _service.Jobs.Count == 2)
            {
                _service.Redirect("ft-2", "user_error");
            }
        };
        await using var fleet = Begun(2, arms);
        Assert.That((await fleet.CollectAsync(arms[0], CancellationToken.None)).IsCompleted, Is.True);
        var failure = Assert.ThrowsAsync<StageFailedException>(() => fleet.CollectAsync(arms[1], CancellationToken.None))!;
        Assert.That(failure.Message, Does.Contain("ft-2").And.Contain("user_error"));
        Assert.That((await fleet.CollectAsync(arms[2], CancellationToken.None)).IsCompleted, Is.True);
    }

    [Test]
    public async Task Not_waiting_leaves_all_that_can_be_created_and_a_later_run_collects_and_creates_the_rest()
    {
        _service.Way = ["running"];
        FineTuneOptions[] arms = [.. Arms(3).Select(a => a with { Monitor = false })];
        await using (var first = Begun(2, arms))
        {
            Assert.That((await PendingAsync(first, arms[0])).Message, Does.Contain("ft-1").And.Contain("--no-wait"));
            Assert.That((await PendingAsync(first, arms[1])).Message, Does.Contain("ft-2"));
            Assert.That((await PendingAsync(first, arms[2])).Message, Does.Contain("not created yet").And.Contain("--max-jobs"));
        }

        _service.Redirect("ft-1", "completed");
        await using (var second = Begun(2, arms))
        {
            Assert.That((await second.CollectAsync(arms[0], CancellationToken.None)).IsCompleted, Is.True);
            await PendingAsync(second, arms[1]);
            Assert.That((await PendingAsync(second, arms[2])).Message, Does.Contain("ft-3"));
        }

        Assert.That(_service.Jobs, Has.Count.EqualTo(3));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_run_that_ends_on_the_first_arm_has_submitted_the_others_too(bool monitor)
    {
        _service.Way = [monitor ? "error" : "running"];
        _service.SlowUploads = true;
        FineTuneOptions[] arms = [.. Arms(3).Select(a => a with { Monitor = monitor })];
        await using (var fleet = Begun(4, arms))
        {
            Assert.That(async () => await fleet.CollectAsync(arms[0], CancellationToken.None), Throws.InstanceOf<CfxException>());
        }

        Assert.That(_service.Jobs, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Jobs_that_outlast_the_deadline_hold_their_places_and_the_run_ends_pending()
    {
        _service.Way = ["running"];
        FineTuneOptions[] arms = [.. Arms(2).Select(a => a with { Deadline = TimeSpan.FromSeconds(30) })];
        await using var fleet = Begun(1, arms);
        await PendingAsync(fleet, arms[0]);
        Assert.That((await PendingAsync(fleet, arms[1])).Message, Does.Contain("not created yet"));
        Assert.That(_service.Jobs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_arm_that_was_not_due_is_done_alone()
    {
        var arms = Arms(2);
        await using var fleet = Begun(2, [arms[0]]);
        Assert.That((await fleet.CollectAsync(arms[1], CancellationToken.None)).IsCompleted, Is.True);
    }

    [Test]
    public async Task Stopping_leaves_the_jobs_at_the_provider_and_ends_every_wait()
    {
        _service.Way = ["running"];
        using var stop = new CancellationTokenSource();
        _service.OnLook = id =>
        {
            if (id == "ft-2")
            {
                stop.Cancel();
            }
        };
        var arms = Arms(3);
        await using var fleet = new FineTuneFleet(Stage(), 2, _logger);
        fleet.Begin(arms, stop.Token);
        foreach (var arm in arms)
        {
            Assert.That(async () => await fleet.CollectAsync(arm, CancellationToken.None), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(_service.Jobs, Has.Count.EqualTo(2));
        Assert.That(_service.Cancellations, Is.Zero);
    }

    private FineTuneFleet Begun(int atOnce, IReadOnlyList<FineTuneOptions> arms)
    {
        var fleet = new FineTuneFleet(Stage(), atOnce, _logger);
        fleet.Begin(arms, CancellationToken.None);
        return fleet;
    }

    private FineTuneStage Stage() => new(_service, new SkippingTime(), new RecordingProgress(), _logger);

    private FineTuneOptions[] Arms(int count) =>
    [
        .. Enumerable.Range(1, count).Select(i => new FineTuneOptions(
            $"arm{i}", "sandbox", true, "base/model", _folder.WriteLines($"t{i}.jsonl", Example), null,
            new Hyperparameters(i, 1e-5, null, true, null, 0, null), $"arm{i}", _folder[$"models/arm{i}_job.json"], true,
            TimeSpan.FromSeconds(10), null, false)),
    ];

    private static async Task<WorkPendingException> PendingAsync(FineTuneFleet fleet, FineTuneOptions arm)
    {
        try
        {
            await fleet.CollectAsync(arm, CancellationToken.None);
        }
        catch (WorkPendingException e)
        {
            return e;
        }

        throw new AssertionException($"{arm.Arm} is not pending");
    }
}
