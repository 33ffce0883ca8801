using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Core.Training;
using static Cfx.Core.Tests.Training.ScriptedFineTuning;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class FineTuneBudgetTests
{
    private const string Example = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";
    private TemporaryFolder _folder = null!;
    private ScriptedFineTuning _service = null!;
    private RecordingBudget _budget = null!;
    private RecordingLogger<FineTuneStage> _logger = null!;
    private FineTuneOptions _options = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _service = new ScriptedFineTuning();
        _budget = new RecordingBudget(10m);
        _logger = new RecordingLogger<FineTuneStage>();
        _options = new FineTuneOptions(
            "feedback", "together", false, "base/model", _folder.WriteLines("t.jsonl", Example), null,
            new Hyperparameters(3, 1e-5, null, true, null, 0, null), "feedback", _folder["models/feedback_job.json"], true,
            TimeSpan.FromSeconds(10), null, false)
        {
            Budget = _budget,
        };
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task The_price_is_set_aside_before_the_job_is_created_and_settled_when_it_ends()
    {
        var before = new List<string>();
        _service.Instant = what => before.Add($"{what}: {_budget.Told.Count}");
        var record = await RunAsync();
        var key = $"job:{record.Suffix}";
        Assert.That(_budget.Told, Is.EqualTo(new[] { $"reserve finetune {key} 1.25", $"settle {key} 0.5" }));
        Assert.That(before, Is.SupersetOf(new[] { "after an upload: 0", "before the POST: 1", "after the POST: 1" }));
    }

    [Test]
    public async Task A_budget_that_is_reached_stops_the_job_before_it_is_sent_and_a_larger_one_creates_it_once()
    {
        _options = _options with { Budget = new RecordingBudget(1m) };
        Assert.ThrowsAsync<BudgetReachedException>(() => RunAsync());
        Assert.That(_service.Jobs, Is.Empty);
        var kept = (await JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None))!;
        Assert.That(kept.SubmittedAt, Is.Null, "nothing was sent, so nothing is looked for");

        var record = await RunAsync(_options with { Budget = _budget });
        Assert.That(record.IsCompleted, Is.True);
        Assert.That(_service.Uploads, Has.Count.EqualTo(1), "the file that was sent is used");
    }

    [Test]
    public async Task A_job_that_is_trained_anew_as_forced_or_because_its_like_is_gone_is_an_entry_of_its_own()
    {
        var first = await RunAsync();
        var second = await RunAsync(_options with { Force = true });
        _service.Jobs.Clear();
        var third = await RunAsync(_options with { Force = true });
        string[] suffixes = [first.Suffix, second.Suffix, third.Suffix];
        Assert.That(suffixes, Is.Unique);
        Assert.That(
            _budget.Told.Where(t => t.StartsWith("settle", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
            Is.EqualTo(suffixes.Select(s => $"settle job:{s} 0.5")));
    }

    [Test]
    public void An_unknown_price_is_asked_for_as_unknown_and_never_as_0()
    {
        _service.Estimate = null;
        Assert.ThrowsAsync<MisuseException>(() => RunAsync());
        Assert.That(_budget.Told.Single(), Does.Match("^reserve finetune job:feedback-[0-9a-f]{8} $"));
        Assert.That(_service.Jobs, Is.Empty);
    }

    [Test]
    public async Task Where_the_provider_names_no_price_the_price_list_does()
    {
        _service.Estimate = new FineTuningEstimate(null, 4000, 0, null);
        var record = await RunAsync(_options with { FallbackPrice = (r, e) => r.Hyperparameters.Epochs + (e!.TrainingTokens!.Value / 1000m) });
        Assert.That(record.EstimatedPriceUsd, Is.EqualTo(7m));
        Assert.That(_budget.Told[0], Does.EndWith(" 7"));
    }

    [Test]
    public void A_refused_job_gives_its_money_back()
    {
        _service.CreateFaults.Enqueue(CreateFault.Refused);
        Assert.ThrowsAsync<ProviderException>(() => RunAsync());
        Assert.That(_budget.Entries, Is.Empty);
    }

    [Test]
    public void A_job_that_may_or_may_not_exist_keeps_its_money_set_aside()
    {
        for (var i = 0; i < 3; i++)
        {
            _service.CreateFaults.Enqueue(CreateFault.RequestLost);
        }

        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        Assert.That(_budget.Entries.Single().Value, Is.EqualTo(((decimal?)1.25m, false)));
    }

    [Test]
    public async Task A_refusal_after_a_lost_reply_does_not_say_that_there_is_no_job()
    {
        _service.CreateFaults.Enqueue(CreateFault.RequestLost);
        _service.CreateFaults.Enqueue(CreateFault.Refused);

        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());

        Assert.That(_budget.Entries.Single().Value, Is.EqualTo(((decimal?)1.25m, false)), "its money stays set aside");
        Assert.That((await JobRecord.ReadAsync(_options.RecordPath, CancellationToken.None))!.SubmittedAt, Is.Not.Null, "the next run looks for it");
    }

    [Test]
    public async Task A_price_of_0_is_not_believed_of_a_job_that_was_estimated_to_cost_money()
    {
        _service.OnLook = id => _service.Reprice(id, 0);

        var record = await RunAsync();

        Assert.That(record.BilledUsd, Is.Null);
        Assert.That(_budget.Entries.Single().Value, Is.EqualTo(((decimal?)1.25m, true)), "what was set aside counts");
    }

    [TestCase(0.0, 1.25)]
    [TestCase(0.3, 1.25)]
    [TestCase(2.0, 2.0)]
    public async Task What_a_job_under_way_has_come_to_lowers_nothing_that_was_set_aside(double soFar, double counted)
    {
        _service.Way = ["running", "running"];
        _service.OnLook = id => _service.Reprice(id, (decimal)soFar);
        await RunAsync(_options with { Monitor = false }, pending: true);
        _budget.Told.Clear();

        await RunAsync(_options with { Monitor = false }, pending: true);
        await RunAsync(_options with { Monitor = false }, pending: true);

        Assert.That(_budget.Told.Select(t => t.Split(' ')[^1]).Last(), Is.EqualTo(FormattableString.Invariant($"{counted}")));
    }

    [TestCase("error")]
    [TestCase("user_error")]
    [TestCase("cancelled")]
    [TestCase("failed")]
    public void A_job_that_fails_is_settled_and_a_later_one_is_paid_for_apart(string status)
    {
        _service.Way = ["running", status];
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());
        Assert.That(_budget.Entries.Single().Value, Is.EqualTo(((decimal?)0.5m, true)));

        _service.Way = ["completed"];
        Assert.That(RunAsync().Result.IsCompleted, Is.True);
        Assert.That(_budget.Entries.Values, Is.EqualTo(new[] { ((decimal?)0.5m, true), ((decimal?)0.5m, true) }));
    }

    [Test]
    public async Task A_job_found_on_another_machine_counts_although_the_budget_would_not_allow_it()
    {
        await RunAsync(_options with { Monitor = false }, pending: true);
        File.Delete(_options.RecordPath);
        var small = new RecordingBudget(0.1m);
        _service.Way = ["running"];
        _service.Redirect("ft-1", "running");
        await RunAsync(_options with { Budget = small, Monitor = false }, pending: true);
        Assert.That(small.Entries.Single().Value, Is.EqualTo(((decimal?)0.5m, true)));
        Assert.That(_logger.Lines, Has.Some.Contains("was bought before"));
        Assert.That(_service.Jobs, Has.Count.EqualTo(1));
    }

    [TestCase(0.5, 2.0)]
    [TestCase(3.0, 3.0)]
    public async Task A_job_found_without_an_estimate_counts_as_the_price_list_has_it_until_it_comes_to_more(double soFar, double counted)
    {
        await RunAsync(_options with { Monitor = false }, pending: true);
        File.Delete(_options.RecordPath);
        _service.Redirect("ft-1", "running");
        _service.Reprice("ft-1", (decimal)soFar);
        var budget = new RecordingBudget(100m);

        await RunAsync(_options with { Budget = budget, Monitor = false, FallbackPrice = (_, _) => 2m }, pending: true);

        Assert.That(budget.Entries.Single().Value, Is.EqualTo(((decimal?)(decimal)counted, false)));
    }

    [TestCase("cancelled", 1.25)]
    [TestCase("canceled", 1.25)]
    [TestCase("error", 0.0)]
    public void A_cancelled_job_whose_price_is_told_as_0_keeps_what_was_set_aside_for_the_steps_it_made(string status, double counted)
    {
        _service.Way = ["running", status];
        _service.OnLook = id => _service.Reprice(id, 0);
        Assert.ThrowsAsync<StageFailedException>(() => RunAsync());

        Assert.That(_budget.Entries.Single().Value, Is.EqualTo(((decimal?)(decimal)counted, true)));
    }

    [Test]
    public async Task Running_again_enters_nothing_twice()
    {
        await RunAsync();
        await RunAsync();
        await RunAsync();
        Assert.That(_budget.Entries.Single().Value, Is.EqualTo(((decimal?)0.5m, true)));
    }

    private async Task<JobRecord> RunAsync(FineTuneOptions? options = null, bool pending = false)
    {
        try
        {
            return await new FineTuneStage(_service, new SkippingTime(), new RecordingProgress(), _logger).RunAsync(options ?? _options, CancellationToken.None);
        }
        catch (WorkPendingException) when (pending)
        {
            return null!;
        }
    }
}
