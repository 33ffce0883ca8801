using System.Text;

namespace EndToEnd.Tests;

/// <summary>A key in the environment neither buys anything nor gets anywhere.</summary>
public sealed class KeyTests
{
    private const string Key = "tgp_v1_MARKED-0123456789-abcdefghij";

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal) { ["TOGETHER_API_KEY"] = Key };

    [Test]
    public async Task With_a_key_and_no_budget_a_study_stops_after_the_plan()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        var before = checkout.Snapshot();
        await using var server = await Crash.EchoServer.StartAsync(200, "[]");

        var run = checkout.BuildWith(Environment, "--target=Study", $"--base-url={server.BaseUrl}");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain("there is no budget").And.Contain("--budget"));
        Assert.That(run.Executed, Is.Empty);
        var after = checkout.Snapshot();
        Assert.That(after.Remove("results/study/plan.json"), Is.True, "the plan was written");
        Assert.That(after, Is.EqualTo(before));
        AssertNowhere(checkout, run);
    }

    [Test]
    public void Asking_for_Together_without_a_key_is_refused_too()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "--provider=together");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
    }

    [Test]
    public void On_the_sandbox_the_key_is_written_nowhere()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.BuildWith(Environment, "--target=Study", "--provider=sandbox", "--verbosity=diagnostic");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        AssertNowhere(checkout, run);
        Assert.That(Analysis.Of(checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
    }

    [TestCase(401, """{"error":{"message":"The key KEY is not valid","type":"invalid_request_error","param":"KEY","code":"KEY"}}""")]
    [TestCase(403, "KEY may not do this")]
    [TestCase(404, """{"message":"no such thing: KEY"}""")]
    [TestCase(200, """[{"id":"KEY","object":"model","type":"KEY"}]""")]
    [TestCase(200, """{"data":[{"id":"KEY","status":"KEY","model":"KEY","model_output_name":"KEY","created_at":"KEY"}]}""")]
    [NonParallelizable]
    public async Task A_provider_that_tells_the_key_to_everyone_does_not_make_this_program_tell_it(int status, string body)
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        await using var server = await Crash.EchoServer.StartAsync(status, body);
        foreach (var target in new[] { "Jobs", "Check" })
        {
            var process = checkout.Start(Environment, $"--target={target}", "--provider=together", $"--base-url={server.BaseUrl}", "--verbosity=diagnostic");
            var arguments = ArgumentsOf(process.Id);
            var run = Checkout.RunProcess(process);

            Assert.That(arguments, Does.Not.Contain(Key));
            AssertNowhere(checkout, run);
        }

        Assert.That(server.Authorizations, Has.Some.EqualTo("Bearer " + Key), "the key was sent to the provider, where it belongs");
    }

    // What everyone on the machine can see of a process.
    private static string ArgumentsOf(int process)
    {
        var path = $"/proc/{process}/cmdline";
        return File.Exists(path) ? File.ReadAllText(path) : string.Empty;
    }

    private static void AssertNowhere(Checkout checkout, Run run)
    {
        Assert.That(run.Output + run.Error, Does.Not.Contain(Key));
        var bytes = Encoding.UTF8.GetBytes(Key);
        foreach (var file in Directory.EnumerateFiles(checkout.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            Assert.That(File.ReadAllBytes(file).AsSpan().IndexOf(bytes), Is.EqualTo(-1), file);
        }
    }
}
