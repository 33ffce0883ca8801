using EndToEnd.Tests.Crash;

namespace EndToEnd.Tests;

/// <summary>The sandbox's figures say that they are the sandbox's, whoever judges.</summary>
public sealed class SandboxMarkTests
{
    private const string Judge = """
        {"object": "list", "data": [{"id": "my-local-judge", "object": "model"}], "id": "x", "choices": [{"index": 0, "finish_reason": "stop",
          "message": {"role": "assistant", "content": "Both will do. [[TIE]]"}}], "usage": {"prompt_tokens": 5, "completion_tokens": 5}}
        """;

    [Test]
    public async Task Sandbox_arms_judged_by_another_provider_keep_the_mark()
    {
        using var checkout = OneTime.Baseline.Clone();
        await using var server = await EchoServer.StartAsync(200, Judge);
        string[] command = ["--target=Study", "--evaluate-provider=openai", $"--evaluate-base-url={server.BaseUrl}", "--judge=my-local-judge"];

        var run = checkout.Build(command);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(server.Authorizations, Is.Not.Empty, "the other provider judged");
        var analysis = checkout.Json("results/study-sandbox/analysis.json");
        Assert.That((bool)analysis["sandbox"]!, Is.True);
        Assert.That((string)analysis["methods"]!, Does.Contain("small imitations"));
        Assert.That(checkout.Json("results/study-sandbox/evaluations/base_vs_feedback.json")["metadata"]!["providers"]!.ToJsonString(), Is.EqualTo(
            """{"generator":"sandbox","arms":"sandbox","judge":"openai"}"""));
        Assert.That(File.ReadLines(checkout["results/study-sandbox/report.md"]).First(), Does.Contain("the pipeline works, not which method wins"));
        Assert.That(File.ReadAllText(checkout["results/study-sandbox/report.html"]), Does.Contain("<title>[SANDBOX]").And.Contain("id=\"sandbox\""));

        var again = checkout.Build(command);
        Assert.That(again.Executed, Is.Empty, again.ToString());
    }
}
