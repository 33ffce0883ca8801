using Cfx.Core.Training;
using static Cfx.Core.Tests.Training.ScriptedFineTuning;

namespace Cfx.Core.Tests.Training;

/// <summary>A run ended at every instant at which something durable changes, and run again.</summary>
[TestFixture]
public sealed class FineTuneCrashTests
{
    private const string Example = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";

    [TestCase(0, false)]
    [TestCase(3, false)]
    [TestCase(0, true)]
    public async Task Ended_at_any_instant_and_run_again_there_is_exactly_one_job_paid_once(int listLag, bool listsWithoutSuffix)
    {
        var met = new List<string>();
        for (var instant = 1; ; instant++)
        {
            using var world = new World(instant) { Service = { ListLag = listLag, ListsWithoutSuffix = listsWithoutSuffix } };
            var ended = await world.RunToTheEndAsync();
            var where = $"ended {ended ?? "nowhere"} (instant {instant})";
            Assert.That(world.Service.Jobs, Has.Count.EqualTo(1), where);
            Assert.That(world.Service.Requests, Has.Count.EqualTo(1), where);
            var record = (await JobRecord.ReadAsync(world.Options.RecordPath, CancellationToken.None))!;
            Assert.That(record.IsCompleted && record.JobId == "ft-1" && record.FinishedAt is not null, Is.True, where);
            Assert.That(world.Budget.Entries.Single(), Is.EqualTo(KeyValuePair.Create($"job:{record.Suffix}", ((decimal?)0.5m, true))), where);
            if (ended is null)
            {
                break;
            }

            met.Add(ended);
        }

        Assert.That(met, Is.SupersetOf(new[]
        {
            "before an upload", "after an upload", "before a record", "after a record", "before a reservation", "after a reservation",
            "before the POST", "after the POST", "before a settlement", "after a settlement",
        }));
        Assert.That(met.Count(m => m.EndsWith("a record", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(10), "every write of the record, on both sides");
    }

    [Test]
    public async Task Ended_twice_in_a_row_there_is_still_one_job()
    {
        for (var first = 1; first <= 24; first++)
        {
            for (var second = 1; second <= 8; second++)
            {
                using var world = new World(first, first + second);
                await world.RunToTheEndAsync();
                Assert.That(world.Service.Jobs, Has.Count.EqualTo(1), $"ended at {first} and {first + second}");
                Assert.That(world.Budget.Entries, Has.Count.EqualTo(1), $"ended at {first} and {first + second}");
            }
        }
    }

    private sealed class Ended(string where) : Exception(where);

    private sealed class World : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly SkippingTime _time = new();
        private readonly HashSet<int> _instants;
        private int _passed;

        public World(params IEnumerable<int> instants)
        {
            _instants = [.. instants];
            Service.Way = ["running", "completed"];
            Service.Instant = Pass;
            Budget.Instant = Pass;
            Options = new FineTuneOptions(
                "feedback", "together", false, "base/model", _folder.WriteLines("t.jsonl", Example), _folder.WriteLines("v.jsonl", Example),
                new Hyperparameters(3, 1e-5, null, true, null, 0, null), "feedback", _folder["models/feedback_job.json"], true,
                TimeSpan.FromSeconds(10), null, false)
            {
                Budget = Budget,
            };
        }

        public ScriptedFineTuning Service { get; } = new() { EventsByLook = [[Event("job_pending", "Job created")]] };

        public RecordingBudget Budget { get; } = new(2m);

        public FineTuneOptions Options { get; }

        /// <summary>Runs, and runs again whenever it was ended.</summary>
        /// <returns>Where it was ended last; null when it was not.</returns>
        public async Task<string?> RunToTheEndAsync()
        {
            string? ended = null;
            while (true)
            {
                try
                {
                    var stage = new FineTuneStage(Service, _time, new RecordingProgress(), new RecordingLogger<FineTuneStage>(), new Writer(Pass));
                    await stage.RunAsync(Options, CancellationToken.None);
                    return ended;
                }
                catch (Ended e)
                {
                    ended = e.Message;
                    _time.Advance(TimeSpan.FromSeconds(5));
                }
            }
        }

        public void Dispose() => _folder.Dispose();

        private void Pass(string what)
        {
            if (_instants.Contains(++_passed))
            {
                throw new Ended(what);
            }
        }

        private sealed class Writer(Action<string> pass) : JobRecordWriter
        {
            public override async Task WriteAsync(JobRecord record, string path, CancellationToken cancellationToken)
            {
                pass("before a record");
                await base.WriteAsync(record, path, cancellationToken);
                pass("after a record");
            }
        }
    }
}
