namespace EndToEnd.Tests;

/// <summary>What can be seen without running anything.</summary>
public sealed class GraphTests
{
    private const string Graph = """
        Study
        └─ Analyze
           └─ Evaluate
              ├─ Split
              │  └─ Filter
              ├─ Evaluate-Base-Vs-Feedback
              │  └─ Respond
              │     └─ FineTune
              │        ├─ FineTune-Feedback
              │        │  └─ Prepare
              │        │     └─ Process
              │        │        ├─ Split (as above)
              │        │        ├─ Process-Feedback
              │        │        │  └─ Split (as above)
              │        │        └─ Process-Alternative
              │        │           └─ Split (as above)
              │        └─ FineTune-Alternative
              │           └─ Prepare (as above)
              ├─ Evaluate-Base-Vs-Alternative
              │  └─ Respond (as above)
              └─ Evaluate-Feedback-Vs-Alternative
                 └─ Respond (as above)

        """;

    private Checkout _checkout = null!;
    private SortedDictionary<string, string> _before = null!;

    [OneTimeSetUp]
    public void A_checkout_with_nothing_made()
    {
        _checkout = OneTime.Baseline.CloneUnmade();
        _before = _checkout.Snapshot("data", "models", "results", ".cfx/sandbox");
    }

    [TearDown]
    public void Looking_changes_no_file()
    {
        Assert.That(_checkout.Snapshot("data", "models", "results", ".cfx/sandbox"), Is.EqualTo(_before));
        Assert.That(_checkout[".cfx/run.lock"], Does.Not.Exist);
    }

    [OneTimeTearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void The_tree_is_the_study()
    {
        var run = _checkout.Build("--target=Study", "--tree");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Is.EqualTo(Graph.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Without_arguments_every_target_is_told_and_none_is_run()
    {
        var run = _checkout.Build();

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Contain("Nothing was run"));
        foreach (var target in Targets.All)
        {
            Assert.That(run.Output, Does.Match($@"(?m)^  {target}  +\S"));
        }
    }

    [TestCase("--dryrun")]
    [TestCase("--explain")]
    public void Looking_ahead_tells_every_target_of_a_study_not_made_yet(string mode)
    {
        var run = _checkout.Build("--target=Study", mode);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.WouldRun, Is.EqualTo(Targets.All), run.ToString());
        Assert.That(run.Output, Does.Contain("16 of 16 targets would run. Nothing was run now."));
    }

    [Test]
    public void Looking_ahead_of_a_finished_study_finds_nothing_to_do()
    {
        var run = OneTime.Baseline.Build("--target=Study", "--dryrun");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.WouldRun, Is.Empty);
    }

    [Test]
    public void Help_for_a_target_names_its_options_long_and_short()
    {
        var run = _checkout.Build("--target=FineTune", "--help");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        foreach (var name in new[] { "-i", "-m", "-e", "-lr", "-s", "-b", "--epochs", "--learning-rate", "--no-monitor", "--check-interval", "--train-split", "--max-context-turns" })
        {
            Assert.That(run.Output, Does.Contain(name));
        }
    }
}
