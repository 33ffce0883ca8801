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

        RunsUnderFire.AssertReached(reached, "filtered.jsonl", "split.jsonl", "feedback.jsonl", "feedback_training.jsonl", "feedback_job.json", "alternative_job.json", "feedback_model.json", "base_vs_feedback.json", "analysis.json", "report.html", ".cfx/responses.db");
        await study.AssertFinishesAsIfUndisturbedAsync();
    }
}
