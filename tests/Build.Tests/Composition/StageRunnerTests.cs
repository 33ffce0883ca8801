using Cfx.Build.Composition;
using Cfx.Build.Host;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Build.Tests.Composition;

public sealed class StageRunnerTests
{
    private static readonly HashSet<string> Nothing = [];
    private string _root = null!;
    private RunReport _report = null!;
    private int _made;

    [SetUp]
    public void SetUp()
    {
        _root = Directory.CreateTempSubdirectory("cfx-test-").FullName;
        _report = new RunReport();
        _report.Enter("Process");
        _made = 0;
        File.WriteAllText(Path.Combine(_root, "in.txt"), "one");
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    private StageRunner Runner() =>
        new(new ArtifactStore(_root, "test", TimeProvider.System), TimeProvider.System, NullLogger.Instance);

    private StageUnit Unit(string output = "out.txt", string provider = "sandbox", bool paid = false, int unanswered = 0) => new(
        new StageRecipe(
            "Process", 1, provider, paid, new Dictionary<string, string>(), [new StageInput("in.txt", InputKind.File, "Split")], [output])
        { Sandbox = !paid },
        (_, _) =>
        {
            _made++;
            File.WriteAllText(Path.Combine(_root, output), "made");
            return Task.FromResult(new StageResult(StageCost.None, "3 improved", unanswered));
        });

    [Test]
    public async Task What_is_up_to_date_is_not_made_again()
    {
        await Runner().RunAsync([Unit()], force: false, _report, default);
        Assert.That(_report.Of("Process")!.ToString(), Is.EqualTo("Executed (3 improved)"));
        await Runner().RunAsync([Unit()], force: false, _report, default);

        Assert.That(_made, Is.EqualTo(1));
        Assert.That(_report.Of("Process")!.Status, Is.EqualTo(TargetStatus.UpToDate));
    }

    [Test]
    public async Task Of_several_artifacts_only_what_is_due_is_made()
    {
        await Runner().RunAsync([Unit("a.txt"), Unit("b.txt")], force: false, _report, default);
        File.Delete(Path.Combine(_root, "b.txt"));
        await Runner().RunAsync([Unit("a.txt"), Unit("b.txt")], force: false, _report, default);

        Assert.That(_made, Is.EqualTo(3));
        Assert.That((await Runner().InspectAsync([Unit("a.txt"), Unit("b.txt")], Nothing, force: false, default)).UpToDate, Is.True);
    }

    [Test]
    public async Task What_got_no_reply_is_asked_for_again_in_the_same_run()
    {
        var first = Unit(unanswered: 2);
        var answered = first with { MakeAsync = async (force, token) => (await first.MakeAsync(force, token)) with { Unanswered = _made == 1 ? 2 : 0 } };

        await Runner().RunAsync([answered], force: false, _report, default);
        await Runner().RunAsync([answered], force: false, _report, default);

        Assert.That(_made, Is.EqualTo(2), "once more, and then it is up to date");
    }

    [Test]
    public void What_is_held_for_an_artifact_is_let_go_once_after_its_last_round()
    {
        var heldIn = new List<int>();
        var unit = Unit(unanswered: 2) with { AfterAsync = _ => { heldIn.Add(_made); return Task.CompletedTask; } };

        Assert.That(() => Runner().RunAsync([unit], force: false, _report, default), Throws.TypeOf<StageFailedException>());
        Assert.That(heldIn, Is.EqualTo(new[] { StageRunner.Rounds }));
    }

    [Test]
    public void What_gets_no_reply_in_any_round_fails_the_target_after_the_other_artifacts_and_stays_due()
    {
        Assert.That(
            () => Runner().RunAsync([Unit(unanswered: 2), Unit("b.txt")], force: false, _report, default),
            Throws.TypeOf<StageFailedException>().With.Message.Contains("2 calls for out.txt").And.Message.Contains("--allow-missing"));

        Assert.That(_made, Is.EqualTo(StageRunner.Rounds + 1));
        Assert.That(IsUpToDate("b.txt"), Is.True);
        Assert.That(IsUpToDate("out.txt"), Is.False);

        bool IsUpToDate(string output) => Runner().InspectAsync([Unit(output)], Nothing, force: false, default).Result.UpToDate;
    }

    [Test]
    public async Task What_gets_no_reply_may_be_left_out_for_good()
    {
        var runner = new StageRunner(new ArtifactStore(_root, "test", TimeProvider.System), TimeProvider.System, NullLogger.Instance) { AllowMissing = true };

        await runner.RunAsync([Unit(unanswered: 2)], force: false, _report, default);

        Assert.That((await runner.InspectAsync([Unit()], Nothing, force: false, default)).UpToDate, Is.True);
    }

    [Test]
    public async Task Work_that_goes_on_elsewhere_does_not_keep_the_next_from_being_begun()
    {
        var waiting = Unit("a.txt") with { MakeAsync = (_, _) => throw new WorkPendingException("Job ft-1 is running.") };
        await Runner().RunAsync([waiting, Unit("b.txt")], force: false, _report, default);

        Assert.That(_report.Of("Process")!.ToString(), Is.EqualTo("Pending (Job ft-1 is running.)"));
        Assert.That((await Runner().InspectAsync([Unit("b.txt")], Nothing, force: false, default)).UpToDate, Is.True);
    }

    [Test]
    public async Task The_batches_of_all_due_artifacts_go_out_before_any_is_waited_for()
    {
        await Runner().RunAsync([Unit("a.txt")], force: false, _report, default);
        var log = new List<string>();
        var beside = Unit("c.txt") with { AheadAsync = Ahead("c") };
        var first = Unit("b.txt") with { AheadAsync = Ahead("b"), Beside = () => [beside], MakeAsync = Make("b") };
        var missing = Unit("d.txt") with { AheadAsync = Ahead("d") };
        await Runner().RunAsync(
            [
                Unit("a.txt") with { AheadAsync = Ahead("a") },
                first,
                Unit("b2.txt") with { AheadAsync = Ahead("b2"), MakeAsync = Make("b2"), Beside = () => [missing with { Recipe = missing.Recipe with { Inputs = [new StageInput("none.txt", InputKind.File)] } }] },
            ],
            force: false, _report, default);

        Assert.That(log, Is.EqualTo(new[] { "ahead b", "ahead b2", "ahead c", "make b", "make b2" }));

        Func<CancellationToken, Task> Ahead(string name) => _ =>
        {
            log.Add($"ahead {name}");
            return Task.CompletedTask;
        };

        Func<bool, CancellationToken, Task<StageResult>> Make(string name) => (_, _) =>
        {
            log.Add($"make {name}");
            File.WriteAllText(Path.Combine(_root, name + ".txt"), "made");
            return Task.FromResult(new StageResult(StageCost.None, null));
        };
    }

    [Test]
    public async Task An_artifact_whose_model_was_lost_is_made_again()
    {
        var unit = Unit();
        await Runner().RunAsync([unit], force: false, _report, default);
        var outlook = await Runner().InspectAsync([unit with { Lost = () => "the sandbox has lost job ft-1" }], Nothing, force: false, default);

        Assert.That(outlook.UpToDate, Is.False);
        Assert.That(outlook.Reasons, Is.EqualTo(new[] { "the sandbox has lost job ft-1" }));
    }

    [Test]
    public async Task Force_makes_it_again()
    {
        await Runner().RunAsync([Unit()], force: false, _report, default);
        await Runner().RunAsync([Unit()], force: true, _report, default);
        Assert.That(_made, Is.EqualTo(2));
    }

    [Test]
    public void A_missing_input_names_the_target_that_makes_it()
    {
        File.Delete(Path.Combine(_root, "in.txt"));
        Assert.That(
            async () => await Runner().RunAsync([Unit()], force: false, _report, default),
            Throws.InstanceOf<MisuseException>().With.Message.Contains("Run the target Split first"));
    }

    [Test]
    public async Task What_was_paid_for_is_never_replaced_by_what_was_not()
    {
        await Runner().RunAsync([Unit(provider: "together", paid: true)], force: false, _report, default);
        Assert.That(
            async () => await Runner().RunAsync([Unit()], force: false, _report, default),
            Throws.InstanceOf<MisuseException>().With.Message.Contains("was made by together and paid for"));
        Assert.That(_made, Is.EqualTo(1));
    }
}
