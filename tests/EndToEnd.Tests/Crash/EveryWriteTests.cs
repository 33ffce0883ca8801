using System.Globalization;
using EndToEnd.Tests.Paid;

namespace EndToEnd.Tests.Crash;

/// <summary>Studies killed before and after every durable write that they make; many minutes, so only on request.</summary>
[Explicit("Takes many minutes: several hundred runs")]
public sealed class EveryWriteTests
{
    [Test]
    public async Task A_study_killed_before_and_after_each_durable_write_ends_as_if_undisturbed()
    {
        await using var study = await StudyUnderFire.StartAsync();

        var reached = await study.Runs.KillEverywhereAsync();

        AssertReached(reached, "filtered.jsonl", "split.jsonl", "feedback.jsonl", "feedback_training.jsonl", "feedback_job.json", "alternative_job.json", "feedback_model.json", "base_vs_feedback.json", "analysis.json", "report.html", ".cfx/responses.db");
        await study.AssertFinishesAsIfUndisturbedAsync();
    }

    [TestCase("v2", "direct")]
    [TestCase("v1", "batch")]
    public async Task A_paid_study_killed_before_and_after_each_durable_write_buys_each_thing_once(string serving, string mode)
    {
        await using var study = await PaidStudyUnderFire.StartAsync(serving, $"--mode={mode}");

        var reached = await study.Runs.KillEverywhereAsync();

        AssertReached(reached, mode == "batch" ? ".cfx/batches/" : "plan.json", ".cfx/serving/", "feedback_job.json", ".cfx/responses.db");
        await study.AssertFinishesAsIfUndisturbedAsync();
    }

    private static void AssertReached(IReadOnlyList<(string Side, string Path, string State)> reached, params string[] files)
    {
        foreach (var group in reached.GroupBy(r => r.Path, StringComparer.Ordinal))
        {
            var states = group.Select(g => g.State).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal);
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Count(g => g.Side == "Before"),4} before {group.Count(g => g.Side == "After"),4} after  {group.Key}  {string.Join(", ", states)}"));
        }

        TestContext.Out.WriteLine($"{reached.Count} kills");
        foreach (var file in files)
        {
            Assert.That(reached.Where(r => r.Path.Contains(file, StringComparison.Ordinal)).Select(r => r.Side).Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[] { "Before", "After" }), file);
        }
    }
}
