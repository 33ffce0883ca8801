using EndToEnd.Tests.Crash;

namespace EndToEnd.Tests.Paid;

/// <summary>Paid studies killed before and after every durable write that they make; many minutes, so only on request.</summary>
[Explicit("Takes many minutes: several hundred runs")]
public sealed class PaidEveryWriteTests
{
    [TestCase("v2", "direct")]
    [TestCase("v1", "batch")]
    public async Task A_paid_study_killed_before_and_after_each_durable_write_buys_each_thing_once(string serving, string mode)
    {
        await using var study = await PaidStudyUnderFire.StartAsync(serving, $"--mode={mode}");

        var reached = await study.Runs.KillEverywhereAsync();

        RunsUnderFire.AssertReached(reached, mode == "batch" ? ".cfx/batches/" : "plan.json", ".cfx/serving/", "feedback_job.json", ".cfx/responses.db");
        await study.AssertFinishesAsIfUndisturbedAsync();
    }
}
