namespace Build.Tests.Host;

/// <summary>What the program says and does for a whole command line.</summary>
public sealed class CommandLineTests
{
    [Test]
    public async Task Without_arguments_the_host_says_what_can_be_done_and_runs_nothing()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync(), Is.Zero);
        Assert.That(host.Output, Does.Contain("Usage: ./build.sh --target=NAME").And.Contain("FineTune          Trains.").And.Contain("Nothing was run now."));
        Assert.That(host.Error, Is.Empty);
    }

    [Test]
    public async Task The_version_names_the_program_and_the_engine()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--version"), Is.Zero);
        Assert.That(host.Output, Is.EqualTo("Cfx 1.2.3 (Cake 7.0.0)\n"));
    }

    [Test]
    public async Task A_run_goes_through_the_targets_in_order_and_sums_up_each_with_its_status()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=Study"), Is.Zero, host.Error);
        var summary = Summary(host.Output);
        Assert.That(summary.Select(r => r.Target), Is.EqualTo(new[] { "Filter", "Split", "Process-Feedback", "Process", "FineTune", "Evaluate", "Study" }));
        Assert.That(summary.Select(r => r.Status), Is.EqualTo(new[]
        {
            "Up to date (nothing changed)", "Up to date (nothing changed)", "Up to date (nothing changed)", "Up to date (all it gathers is)",
            "Executed (12 items)", "Executed (12 items)", "Executed",
        }));
    }

    [Test]
    public async Task An_up_to_date_requested_target_is_success()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("-t", "Process"), Is.Zero, host.Error);
        Assert.That(Summary(host.Output)[^1], Is.EqualTo(("Process", "Up to date (all it gathers is)")));
    }

    [Test]
    public async Task Two_targets_share_what_they_depend_on()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=FineTune", "--target=Process"), Is.Zero, host.Error);
        Assert.That(Summary(host.Output).Select(r => r.Target), Is.EqualTo(new[] { "Filter", "Split", "Process-Feedback", "Process", "FineTune" }));
    }

    [Test]
    public async Task Exclusive_leaves_out_what_the_targets_depend_on()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=FineTune", "--target=Split", "--exclusive"), Is.Zero, host.Error);
        Assert.That(Summary(host.Output).Select(r => r.Target), Is.EqualTo(new[] { "FineTune", "Split" }));
    }

    [Test]
    public async Task A_target_given_its_own_input_runs_none_of_its_predecessors()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=Process", "-i", "mine.json"), Is.Zero, host.Error);
        Assert.That(Summary(host.Output).Select(r => r.Target), Is.EqualTo(new[] { "Process" }));
    }

    [Test]
    public async Task A_dry_run_says_what_would_run_and_why_and_runs_nothing()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=Study", "--dryrun"), Is.Zero, host.Error);
        Assert.That(host.Output, Is.EqualTo("""
            Filter            up to date (nothing changed)
            Split             up to date (nothing changed)
            Process-Feedback  up to date (nothing changed)
            Process           up to date (all it gathers is)
            FineTune          would run: epochs 3 → 4
            Evaluate          would run: FineTune would run
            Study             would run: Evaluate would run

            3 of 7 targets would run. Nothing was run now.

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task Explain_gives_every_reason_a_line_of_its_own()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=FineTune", "--explain", "--exclusive"), Is.Zero, host.Error);
        Assert.That(host.Output, Does.StartWith("FineTune: would run\n  - epochs 3 → 4\n"));
    }

    [Test]
    public async Task The_tree_is_drawn_from_the_requested_target()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=Process", "--tree"), Is.Zero, host.Error);
        Assert.That(host.Output, Is.EqualTo("Process\n└─ Process-Feedback\n   └─ Split\n      └─ Filter\n"));
    }

    [Test]
    public async Task The_tree_without_a_target_starts_at_every_root()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--tree"), Is.Zero, host.Error);
        Assert.That(host.Output, Does.StartWith("Study\n└─ Evaluate\n").And.EndsWith("Wait\n"));
    }

    [Test]
    public async Task The_description_lists_targets()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--description"), Is.Zero, host.Error);
        Assert.That(host.Output, Does.Contain("  Split             Draws train, validation and test.\n"));
    }

    [Test]
    public async Task Help_for_a_target_lists_its_options_and_those_of_the_stages_before_it()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=FineTune", "--help"), Is.Zero, host.Error);
        Assert.That(host.Output, Does.Contain("-lr, --learning-rate").And.Contain("default 1e-5, on the sandbox 0.05").And.Contain("--process-model"));
        Assert.That(host.Output, Does.Not.Contain("--judge"));
    }

    [TestCase("--target=Sudy", "did you mean Study?")]
    [TestCase("--target=Zzzzzzzzzz", "All targets: Evaluate, Filter")]
    public async Task An_unknown_target_is_refused_with_the_nearest_names_and_the_list(string argument, string expected)
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync(argument), Is.EqualTo(2));
        Assert.That(host.ErrorLines, Has.Count.EqualTo(1).And.One.Contains(expected).And.One.Contains("Evaluate, Filter, FineTune"));
    }

    [Test]
    public async Task A_wrong_option_and_a_wrong_study_file_are_reported_together()
    {
        using var host = new HostHarness { Check = _ => ["The arms cannot be compared."] };
        host.WriteStudy("{\n  \"evaluate\": {\n    \"juge\": \"x\"\n  }\n}");

        Assert.That(await host.RunAsync("--target=Study", "-e", "-3", "--epoch=3"), Is.EqualTo(2));
        Assert.That(host.ErrorLines, Is.EqualTo(new[]
        {
            "error: study.json:3: unknown key 'evaluate.juge'; did you mean judge or judges?",
            "error: -e: -3 is out of range: a whole number from 1 to 20.",
            "error: Unknown option --epoch; did you mean --epochs?",
            "error: The arms cannot be compared.",
        }));
        Assert.That(host.Output, Is.Empty);
    }

    [Test]
    public async Task A_study_file_that_is_named_must_exist()
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=Filter", "--config=other.json"), Is.EqualTo(2));
        Assert.That(host.Error, Is.EqualTo("error: The study file other.json does not exist.\n"));
    }

    [TestCase("--dryrun", "--dryrun needs a target: --target=NAME.")]
    [TestCase("--epochs=3", "No target: say --target=NAME. --help lists the targets.")]
    [TestCase("--verbosity=lots", "--verbosity: 'lots' is not one of quiet, minimal, normal, verbose, diagnostic.")]
    [TestCase("Study", "'Study' stands alone. Options begin with a dash; a target is asked for as --target=Study.")]
    public async Task A_command_line_that_asks_for_nothing_runnable_is_refused(string argument, string expected)
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync(argument), Is.EqualTo(2));
        Assert.That(host.Error, Does.Contain(expected));
    }

    [TestCase("q", false)]
    [TestCase("Quiet", false)]
    [TestCase("minimal", true)]
    [TestCase("diag", true)]
    public async Task Verbosity_has_long_and_short_names_and_quiet_has_no_summary(string level, bool hasSummary)
    {
        using var host = new HostHarness();

        Assert.That(await host.RunAsync("--target=Filter", "-v", level), Is.Zero, host.Error);
        Assert.That(host.Output.Contains("Up to date", StringComparison.Ordinal), Is.EqualTo(hasSummary));
    }

    [Test]
    public async Task Nothing_written_into_a_pipe_is_coloured()
    {
        using var host = new HostHarness();

        await host.RunAsync("--target=Study");
        await host.RunAsync("--target=Sudy");
        Assert.That(host.Output + host.Error, Does.Not.Match(@"\x1b"));
    }

    internal static List<(string Target, string Status)> Summary(string output)
    {
        var lines = output.Split('\n');
        var start = Array.FindIndex(lines, l => l.StartsWith("Target ", StringComparison.Ordinal));
        return start < 0
            ? []
            : [.. lines.Skip(start + 2).TakeWhile(l => !l.StartsWith("Total", StringComparison.Ordinal)).Select(Row)];
    }

    private static (string, string) Row(string line)
    {
        var cells = line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (cells[0], cells[^1]);
    }
}
