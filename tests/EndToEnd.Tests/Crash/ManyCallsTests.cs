using System.Globalization;
using Cfx.TestData;

namespace EndToEnd.Tests.Crash;

/// <summary>Many calls to a sandbox in another process, a fifth of which go wrong in one way or another.</summary>
public sealed class ManyCallsTests
{
    private const string Input = "data/generated.jsonl";
    private const string Output = "data/generated_feedback.jsonl";

    [Test]
    public void Growing_a_faulty_run_from_100_to_500_items_makes_exactly_the_new_calls_and_loses_none() => Grow(100, 500);

    [Test]
    [Explicit("Takes minutes")]
    public void Growing_a_faulty_run_from_1000_to_5000_items_makes_exactly_the_new_calls_and_loses_none() => Grow(1000, 5000);

    private static void Grow(params int[] sizes)
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        Generate(checkout[Input], sizes[^1]);
        using var sandbox = new SandboxProcess(checkout, "--sandbox-fault-rate=0.2");
        foreach (var size in sizes)
        {
            var runs = Process(checkout, sandbox, size);
            var records = checkout.Lines(Output);
            var delivered = sandbox.Delivered("/chat/completions");
            var answered = sandbox.Processed("/chat/completions");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(records, Has.Count.EqualTo(size), "an outcome an item");
                Assert.That(records.Select(r => (string?)r["item_id"] ?? (string)r["conversation_id"]!), Is.Unique);
                Assert.That(records.Select(r => (string)r["status"]!), Is.All.AnyOf("improved", "declined", "cut_off", "empty", "refused"), "every call was answered");
                // A reply whose fault touches nothing that matters is used, so a few are not among those delivered as they should be.
                Assert.That(delivered, Is.Unique, "nothing was asked again once its reply had come");
                Assert.That(answered.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(size), "each was answered");
                Assert.That(StoreFile.Answers(checkout), Is.EqualTo(size), "the store has as many answers as requests were answered");
            }

            var came = sandbox.Ledger().Count(e => (string?)e["route"] == "/chat/completions");
            var spoilt = sandbox.Ledger().Count(e => (string?)e["route"] == "/chat/completions" && e["fault"] is not null);
            Assert.That(spoilt, Is.GreaterThan(size / 10), "faults were met");
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size} items: {records.Count} outcomes in {runs} runs, {StoreFile.Answers(checkout)} stored, {answered.Distinct(StringComparer.Ordinal).Count()} answered, {delivered.Count} of them delivered unspoilt, {came} requests of which {spoilt} faulty"));
        }
    }

    // A call that met six faults in a row is asked for again by the next run.
    private static int Process(Checkout checkout, SandboxProcess sandbox, int size)
    {
        for (var runs = 1; ; runs++)
        {
            var run = checkout.Build(
                "--target=Process-Feedback", "--provider=sandbox", $"--base-url={sandbox.Server}v1", $"-i={Input}", $"-o={Output}",
                string.Create(CultureInfo.InvariantCulture, $"-n={size}"), "--max-concurrency=32");
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            if (!run.Output.Contains("got no reply", StringComparison.Ordinal))
            {
                return runs;
            }

            Assert.That(runs, Is.LessThan(4), run.ToString());
        }
    }

    // Each record has one call, and no two calls are alike.
    private static void Generate(string path, int count)
    {
        var options = new ConversationGeneratorOptions(int.MaxValue, AwkwardRate: 0, DuplicateRate: 0, SharedIdRate: 0, SharedContextRate: 0);
        File.WriteAllLines(path, new ConversationGenerator(options).Records()
            .Where(r => r.Category is "UR2" or "UR3").Select(r => r.Json).Take(count));
    }
}
