using Build.Tests.Demo;
using Cake.Core;
using Cake.Frosting;
using Cfx.Build.Host;
using Cfx.Core;

namespace Build.Tests.Host;

/// <summary>Exit codes, graph faults and what happens after a failure.</summary>
public sealed class OutcomeTests
{
    [TestCase(typeof(FailsTask), 1, "error: the disk is full (IOException; --verbosity=diagnostic tells more)")]
    [TestCase(typeof(StageFailsTask), 1, "error: job ft-1 failed")]
    [TestCase(typeof(MisusedTask), 2, "error: line 3 is no JSON")]
    public async Task A_failure_is_one_line_without_a_stack_trace_and_the_teardown_still_runs(Type task, int code, string line)
    {
        using var host = new HostHarness { Tasks = [task], Services = static (s, _) => s.UseTeardown<DemoTeardown>() };

        Assert.That(await host.RunAsync("--target=" + task.Name), Is.EqualTo(code));
        Assert.That(host.ErrorLines, Is.EqualTo(new[] { line }));
        Assert.That(host.Output, Does.Contain("torn down").And.Contain("Failed"));
    }

    [Test]
    public async Task Diagnostic_verbosity_tells_the_stack_trace()
    {
        using var host = new HostHarness { Tasks = [typeof(StageFailsTask)] };

        await host.RunAsync("--target=StageFailsTask", "--verbosity=diagnostic");
        Assert.That(host.Error, Does.Contain("   at "));
    }

    [Test]
    public async Task Pending_work_is_exit_code_3_also_when_it_comes_wrapped()
    {
        using var host = new HostHarness { Tasks = [typeof(PendingTask)] };

        Assert.That(await host.RunAsync("--target=PendingTask"), Is.EqualTo(3));
        Assert.That(host.Output, Does.Contain("Pending (job ft-1 is running)").And.Contain("pending: job ft-1 is running"));
    }

    [Test]
    public async Task A_task_that_continues_on_error_tells_why_it_failed_and_the_run_succeeds()
    {
        using var host = new HostHarness { Tasks = [typeof(TolerantTask), typeof(AfterTolerantTask)] };

        Assert.That(await host.RunAsync("--target=AfterTolerantTask"), Is.Zero);
        Assert.That(host.Output, Does.Contain("warning: TolerantTask failed: never mind"));
        Assert.That(CommandLineTests.Summary(host.Output), Is.EqualTo(new[] { ("TolerantTask", "Failed"), ("AfterTolerantTask", "Executed") }));
    }

    [Test]
    public async Task A_skipped_task_shows_its_reason_and_a_skipped_requested_target_is_no_failure()
    {
        using var host = new HostHarness { Tasks = [typeof(SkippedTask), typeof(AfterSkippedTask)] };

        Assert.That(await host.RunAsync("--target=SkippedTask"), Is.Zero, host.Error);
        Assert.That(await host.RunAsync("--target=AfterSkippedTask"), Is.Zero, host.Error);
        Assert.That(host.Output.Split("Skipped (no data yet)"), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task A_cancelled_run_starts_no_further_task_tears_down_and_exits_with_130()
    {
        using var host = new HostHarness
        {
            Tasks = [typeof(CancellingTask), typeof(AfterCancellingTask)],
            Services = static (s, _) => s.UseTeardown<DemoTeardown>(),
        };

        Assert.That(await host.RunAsync("--target=AfterCancellingTask"), Is.EqualTo(130));
        Assert.That(CommandLineTests.Summary(host.Output), Is.EqualTo(new[] { ("CancellingTask", "Executed"), ("AfterCancellingTask", "Stopped") }));
        Assert.That(host.Output, Does.Contain("torn down").And.Not.Contain("must not run"));
    }

    [Test]
    public void The_second_signal_leaves_at_once()
    {
        var left = new List<int>();
        using var cancellation = new RunCancellation(left.Add);

        cancellation.Signal();
        Assert.That(cancellation.Token.IsCancellationRequested && left.Count == 0);
        cancellation.Signal();
        Assert.That(left, Is.EqualTo(new[] { 130 }));
    }

    [Test]
    public void A_closed_terminal_that_is_told_twice_leaves_the_time_to_stop_what_runs_and_a_wish_to_leave_after_it_does_not()
    {
        var left = new List<int>();
        using var cancellation = new RunCancellation(left.Add);

        cancellation.HangUp();
        cancellation.HangUp();
        Assert.That(cancellation.Token.IsCancellationRequested && left.Count == 0);
        cancellation.Signal();
        Assert.That(left, Is.EqualTo(new[] { 130 }));
    }

    [Test]
    public async Task Every_fault_of_the_graph_is_told_before_anything_runs()
    {
        using var host = new HostHarness
        {
            Tasks = [typeof(RoundTask), typeof(AboutTask), typeof(LonelyTask), typeof(BrokenTask), typeof(ForeignTask), typeof(GenericTask<>), typeof(FilterTask)],
        };

        Assert.That(await host.RunAsync("--target=Filter", "--target=Fliter"), Is.EqualTo(2));
        Assert.That(host.ErrorLines, Is.EquivalentTo(new[]
        {
            "error: Task class GenericTask`1 is generic, so no instance of it can be made. Make it abstract or close it.",
            "error: Task 'ForeignTask' asks for the context OtherContext, but this host's context is DemoContext.",
            "error: Task 'LonelyTask' depends on 'SplitTask2', which is not a task.",
            "error: Tasks depend on each other in a circle: RoundTask -> AboutTask -> RoundTask.",
            "error: There is no target 'Fliter'; did you mean Filter? All targets: AboutTask, BrokenTask, Filter, ForeignTask, LonelyTask, RoundTask.",
            "error: Task 'BrokenTask' cannot be constructed: no such drive",
        }));
        Assert.That(host.Output, Is.Empty);
    }

    [Test]
    public void The_worst_of_several_errors_decides_the_exit_code()
    {
        Assert.That(Code(new WorkPendingException("a"), new StageFailedException("b")), Is.EqualTo(1));
        Assert.That(Code(new WorkPendingException("a"), new MisuseException("b"), new StageFailedException("c")), Is.EqualTo(2));
        Assert.That(Code(new CakeException("x", new AggregateException(new WorkPendingException("a")))), Is.EqualTo(3));
        Assert.That(RunFailure.From(new OperationCanceledException(), cancelled: false).ExitCode, Is.EqualTo(1));

        static int Code(params Exception[] errors) => RunFailure.From(new AggregateException(errors), cancelled: false).ExitCode;
    }

    private sealed class FailsTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => throw new IOException("the disk is full");
    }

    private sealed class StageFailsTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => throw new StageFailedException("job ft-1 failed");
    }

    private sealed class MisusedTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => throw new MisuseException("line 3 is no JSON");
    }

    private sealed class PendingTask : AsyncFrostingTask<DemoContext>
    {
        public override Task RunAsync(DemoContext context) =>
            throw new CakeException("wrapped", new AggregateException(new WorkPendingException("job ft-1 is running")));
    }

    [ContinueOnError]
    private sealed class TolerantTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => throw new StageFailedException("never mind");
    }

    [IsDependentOn(typeof(TolerantTask))]
    private sealed class AfterTolerantTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => context.Ran.Add("after");
    }

    private sealed class SkippedTask : FrostingTask<DemoContext>
    {
        public override bool ShouldRun(DemoContext context)
        {
            context.Report.Skipped("no data yet");
            return false;
        }

        public override void Run(DemoContext context) => throw new StageFailedException("must not run");
    }

    [IsDependentOn(typeof(SkippedTask))]
    private sealed class AfterSkippedTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => context.Ran.Add("after");
    }

    private sealed class CancellingTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => context.Cancellation.Signal();
    }

    [IsDependentOn(typeof(CancellingTask))]
    private sealed class AfterCancellingTask : FrostingTask<DemoContext>
    {
        public override void Run(DemoContext context) => context.Console.WriteLine("must not run");
    }

    [IsDependentOn(typeof(AboutTask))]
    private sealed class RoundTask : FrostingTask<DemoContext>;

    [IsDependentOn(typeof(RoundTask))]
    private sealed class AboutTask : FrostingTask<DemoContext>;

    private sealed class SplitTask2;

    [IsDependentOn(typeof(SplitTask2))]
    private sealed class LonelyTask : FrostingTask<DemoContext>;

    private sealed class BrokenTask : FrostingTask<DemoContext>
    {
        public BrokenTask() => throw new IOException("no such drive");
    }

    private sealed class OtherContext(ICakeContext context) : FrostingContext(context);

    private sealed class ForeignTask : FrostingTask<OtherContext>;

    private sealed class GenericTask<T> : FrostingTask<DemoContext>;
}
