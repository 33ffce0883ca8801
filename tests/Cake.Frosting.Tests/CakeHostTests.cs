using Cake.Core.Diagnostics;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Tests;

/// <summary>The layer over the real engine. Tasks note what they do in a <see cref="Notes"/> service.</summary>
public sealed class CakeHostTests
{
    [Test]
    public void Attributes_name_order_and_reverse_the_tasks()
    {
        var (code, notes) = Run("--target=Last");

        Assert.That(code, Is.Zero);
        Assert.That(notes, Is.EqualTo(new[] { "setup", "early", "First", "last", "finally", "teardown" }));
    }

    [Test]
    public void Each_task_is_set_up_and_torn_down()
    {
        var (_, notes) = Run("--target=First", h => h.UseTaskLifetime<TaskLife>());

        Assert.That(notes, Is.EqualTo(new[] { "setup", ">EarlyTask", "early", "<EarlyTask", ">First", "First", "<First", "teardown" }));
    }

    [Test]
    public void A_failed_task_ends_the_run_with_1_and_the_teardown_runs()
    {
        var (code, notes) = Run("--target=AfterFailing");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(notes, Is.EqualTo(new[] { "setup", "failing", "teardown" }));
    }

    [Test]
    public void An_error_that_OnError_deals_with_does_not_end_the_run()
    {
        var (code, notes) = Run("--target=Handled");

        Assert.That(code, Is.Zero);
        Assert.That(notes, Is.EqualTo(new[] { "setup", "handled oh", "teardown" }));
    }

    [Test]
    public void A_task_that_continues_on_error_lets_the_next_one_run() =>
        Assert.That(Run("--target=AfterTolerant"), Is.EqualTo((0, new[] { "setup", "after", "teardown" })).Using<(int, string[]), (int, string[])>(Same));

    [Test]
    public void A_task_whose_condition_is_false_is_skipped_and_a_requested_one_is_an_error()
    {
        Assert.That(Run("--target=AfterSkipped").Notes, Is.EqualTo(new[] { "setup", "after skipped", "teardown" }));
        Assert.That(Run("--target=Skipped").Code, Is.EqualTo(1));
    }

    [Test]
    public void Exclusive_runs_only_the_target() =>
        Assert.That(Run("--target=First --exclusive").Notes, Is.EqualTo(new[] { "setup", "First", "teardown" }));

    [TestCase("--tree")]
    [TestCase("--description")]
    [TestCase("--version")]
    [TestCase("--help")]
    public void Looking_runs_nothing(string argument)
    {
        var (code, notes) = Run($"--target=Last {argument}");

        Assert.That(code, Is.Zero);
        Assert.That(notes, Is.Empty);
    }

    [Test]
    public void An_unknown_target_is_an_error() => Assert.That(Run("--target=Nowhere").Code, Is.EqualTo(1));

    [Test]
    public void A_tool_that_no_installer_can_install_is_refused() =>
        Assert.That(Run("--target=First", h => h.InstallTool(new Uri("nuget:?package=Some.Tool"))), Is.EqualTo((1, Array.Empty<string>())).Using<(int, string[]), (int, string[])>(Same));

    [Test]
    public void Hidden_tasks_are_found() =>
        Assert.That(
            TaskCatalog.Scan([typeof(CakeHostTests).Assembly], typeof(NotingContext)).Tasks.Select(t => t.Name),
            Does.Contain("Hidden").And.Contain("First"));

    [Test]
    public void Classes_that_cannot_be_tasks_of_this_host_are_reported()
    {
        var catalog = TaskCatalog.Of([typeof(List<>), typeof(First), typeof(First)], typeof(NotingContext));

        Assert.That(catalog.Faults.Select(f => f.Message), Has.Some.Contains("is generic").And.Some.Contains("Two tasks are called 'First'"));
    }

    private static bool Same((int Code, string[] Notes) a, (int Code, string[] Notes) b) => a.Code == b.Code && a.Notes.SequenceEqual(b.Notes, StringComparer.Ordinal);

    private static (int Code, string[] Notes) Run(string line, Action<CakeHost>? more = null)
    {
        var notes = new Notes();
        var host = CakeHost.Create()
            .ConfigureServices(s => s.AddSingleton(notes).AddSingleton<ICakeLog>(new NullLog()))
            .AddAssembly(typeof(CakeHostTests).Assembly)
            .UseContext<NotingContext>()
            .UseLifetime<Life>();
        more?.Invoke(host);
        return (host.Run(line.Split(' ')), [.. notes.Lines]);
    }
}
