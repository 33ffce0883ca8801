using System.Globalization;

namespace EndToEnd.Tests.Crash;

/// <summary>The study, killed before and after every durable write that it makes; minutes, so only on request.</summary>
[Explicit("Takes minutes: several hundred runs")]
public sealed class EveryWriteTests
{
    private const string Store = ".cfx/responses.db";
    private const string JobRecord = "_job.json";

    [Test]
    public async Task A_study_killed_before_and_after_each_file_and_each_commit_of_the_store_ends_as_if_undisturbed()
    {
        var expected = await RecordedAsync();
        await using var study = await StudyUnderFire.StartAsync();
        var reached = new List<(string Side, string Path)>();
        foreach (var path in expected.Where(p => p != Store && !p.EndsWith(JobRecord, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            // Until the file's turn comes, the run dies at its second commit to the store: the first only notes that a run has begun.
            for (var commit = 0; ; commit++)
            {
                var side = commit % 2 == 0 ? "Before" : "After";
                var died = await DieAsync(study, $"Before:1:{path};{side}:2:{Store}");
                reached.Add(died);
                if (died.Path == path)
                {
                    break;
                }
            }

            reached.Add(await DieAsync(study, $"After:1:{path}"));
        }

        foreach (var group in reached.GroupBy(r => r.Path, StringComparer.Ordinal))
        {
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{group.Count(g => g.Side == "Before"),4} before {group.Count(g => g.Side == "After"),4} after  {group.Key}"));
        }

        Assert.That(reached.Select(r => r.Path).Distinct(StringComparer.Ordinal), Is.EquivalentTo(expected.Where(p => !p.EndsWith(JobRecord, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)));
        await study.AssertFinishesAsIfUndisturbedAsync();
    }

    [Test]
    public async Task A_study_killed_before_and_after_each_state_of_a_job_record_ends_as_if_undisturbed()
    {
        var writes = (await RecordedAsync()).Where(p => p.EndsWith(JobRecord, StringComparison.Ordinal)).GroupBy(p => p, StringComparer.Ordinal).ToList();
        Assert.That(writes, Has.Count.EqualTo(2));
        foreach (var record in writes)
        {
            // How often a job is looked at while it trains differs from run to run; the states that differ in kind come first and last.
            for (var number = 1; number <= record.Count() - 1; number++)
            {
                foreach (var side in new[] { "Before", "After" })
                {
                    await using var study = await StudyUnderFire.StartAsync();
                    var run = await study.RunAsync(string.Create(CultureInfo.InvariantCulture, $"{side}:{number}:{record.Key}"));
                    TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{side} write {number} of {record.Key}: {(study.Kills == 1 ? "killed" : "not reached")}"));
                    Assert.That(study.Kills == 1 || run.ExitCode == 0, run.ToString());
                    await study.AssertFinishesAsIfUndisturbedAsync();
                }
            }
        }
    }

    private static async Task<IReadOnlyList<string>> RecordedAsync()
    {
        await using var study = await StudyUnderFire.StartAsync();
        var run = await study.RunAsync(string.Empty);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var writes = study.Writes.Where(w => w.Side == "After").Select(w => w.Path).ToList();
        Assert.That(writes, Has.Count.GreaterThan(100));
        return writes;
    }

    private static async Task<(string Side, string Path)> DieAsync(StudyUnderFire study, string killAt)
    {
        var before = study.Kills;
        var run = await study.RunAsync(killAt);
        Assert.That(study.Kills, Is.EqualTo(before + 1), $"{killAt} was not reached: {run}");
        return study.Writes[^1];
    }
}
