using System.Text.Json.Nodes;
using EndToEnd.Tests.Crash;

namespace EndToEnd.Tests;

/// <summary>The feedback method declines half of its records and is otherwise as good as the other: what must then be found is nothing.</summary>
public sealed class DeclinedHalfTests
{
    private const string Data = "data/study-sandbox/";

    [Test]
    public async Task Records_that_one_method_declines_leave_every_arm_and_no_difference_is_found_where_there_is_none()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        using var sandbox = new SandboxProcess(checkout);
        await using var improver = await StandInImprover.StartAsync(sandbox.Server);

        var run = Study(checkout, sandbox, improver);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var declined = Declined(checkout, "feedback");
        List<string> feedback = Training(checkout, "feedback"), alternative = Training(checkout, "alternative");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(declined, Has.Count.InRange(Rewritten(checkout) * 0.35, Rewritten(checkout) * 0.65));
            Assert.That(feedback.Select(Question), Is.EqualTo(alternative.Select(Question)), "the arms are trained on the same records");
            Assert.That(feedback, Is.Not.EqualTo(alternative), "on answers of their own");
            var trained = feedback.Concat(alternative).Select(Question).ToHashSet(StringComparer.Ordinal);
            Assert.That(declined.Select(QuestionOf).Where(trained.Contains), Is.Empty, "what was declined is learnt by neither");
            // Without the rule one arm would learn the answers that users disliked, the other improved ones to the same questions.
            var disliked = declined.Select(Disliked).Select(r => r["conversation_context"]!.AsArray()).Select(Plain).ToHashSet(StringComparer.Ordinal);
            Assert.That(feedback.Concat(alternative).Select(l => Plain(JsonNode.Parse(l)!.AsArray())).Where(disliked.Contains), Is.Empty);
            var ids = declined.Select(r => (string)r["item_id"]!).ToHashSet(StringComparer.Ordinal);
            Assert.That(checkout.Lines(Data + "alternative.jsonl").Count(r => (bool)r["improved"]! && ids.Contains((string)r["item_id"]!)), Is.EqualTo(declined.Count));
        }

        Assert.That(Contrast(checkout), Is.EqualTo("no significant difference"));
    }

    [Test]
    [Explicit("A measurement: studies with twenty seeds on all conversations, some minutes.")]
    public async Task Over_twenty_seeds_a_difference_is_found_no_more_often_than_chance_would_have_it()
    {
        var found = 0;
        var p = new List<double>();
        for (var seed = 1; seed <= 20; seed++)
        {
            using var checkout = OneTime.Baseline.CloneUnmade();
            File.WriteAllText(checkout["study.json"], $$"""{ "seed": {{seed}} }""");
            using var sandbox = new SandboxProcess(checkout);
            await using var improver = await StandInImprover.StartAsync(sandbox.Server);
            var run = Study(checkout, sandbox, improver);
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            var comparison = checkout.Json("results/study-sandbox/analysis.json")["comparisons"]![2]!;
            p.Add((double)comparison["sign_p"]!);
            found += Contrast(checkout) == "no significant difference" ? 0 : 1;
            TestContext.Out.WriteLine($"seed {seed}: {Declined(checkout, "feedback").Count} of {Rewritten(checkout)} declined; h {(double)comparison["h"]!:F3} of {(long)comparison["n"]!}, p {p[^1]:F3}, {Contrast(checkout)}");
        }

        // The improver's answers are the same for every seed; training and replies are not. Twenty honest tests at 5 % give five or more false alarms in 3 of 1,000 cases.
        Assert.That(p.Count(value => value <= 0.05), Is.LessThan(5));
        Assert.That(found, Is.LessThan(5));
    }

    private static Run Study(Checkout checkout, SandboxProcess sandbox, StandInImprover improver) => checkout.Build(
        "--target=Study", "--provider=sandbox", $"--base-url={sandbox.Server}v1",
        "--process-provider=openai", $"--process-base-url={improver.BaseUrl}", "--process-model=stand-in");

    private static string Contrast(Checkout checkout)
    {
        var comparison = checkout.Json("results/study-sandbox/analysis.json")["comparisons"]![2]!;
        Assert.That(((string)comparison["model1"]!, (string)comparison["model2"]!), Is.EqualTo(("feedback", "alternative")));
        return (string)comparison["verdict"]!;
    }

    private static List<JsonNode> Declined(Checkout checkout, string method) =>
        [.. checkout.Lines($"{Data}{method}.jsonl").Where(r => Status(r) == "declined")];

    private static int Rewritten(Checkout checkout) => checkout.Lines(Data + "feedback.jsonl").Count(r => Status(r) != "kept");

    private static List<string> Training(Checkout checkout, string method) =>
        [.. new[] { "training", "validation" }.SelectMany(side => checkout.Lines($"{Data}{method}_{side}.jsonl")).Select(l => l["messages"]!.ToJsonString())];

    // All of an example but its answer.
    private static string Question(string messages) => Plain(JsonNode.Parse(messages)!.AsArray().SkipLast(1));

    private static string QuestionOf(JsonNode record) => Plain(Disliked(record)["conversation_context"]!.AsArray().SkipLast(1));

    private static string Plain(IEnumerable<JsonNode?> messages) => string.Join('\n', messages.Select(m => $"{m!["role"]}: {m["content"]}"));

    /// <summary>A declined record as an example of the answer that the user disliked.</summary>
    private static JsonNode Disliked(JsonNode record)
    {
        var example = record.DeepClone();
        var messages = example["conversation_context"]!.AsArray();
        while ((string)messages[^1]!["role"]! != "assistant")
        {
            messages.RemoveAt(messages.Count - 1);
        }

        example["improved"] = true;
        example["status"] = "improved";
        example.AsObject().Remove("reason");
        return example;
    }

    private static string Status(JsonNode record) => (string)record["status"]!;
}
