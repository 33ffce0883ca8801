using Cfx.Core.Artifacts;

namespace Cfx.Core.Tests.Artifacts;

public class RunLockTests
{
    [Test]
    public void A_second_run_is_told_who_holds_the_folder_and_may_enter_afterwards()
    {
        using var folder = new TemporaryFolder();
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        using (RunLock.Acquire(folder[".cfx/run.lock"], now))
        {
            var error = Assert.Throws<StageFailedException>(() => RunLock.Acquire(folder[".cfx/run.lock"], now))!;
            Assert.That(error.Message, Does.Contain($"process {Environment.ProcessId}, started 2026-01-02 03:04:05 UTC"));
        }

        Assert.That(() => RunLock.Acquire(folder[".cfx/run.lock"], now).Dispose(), Throws.Nothing);
    }
}
