namespace EndToEnd.Tests.Crash;

/// <summary>The study, killed and run again until it is done.</summary>
public sealed class KillTests
{
    private const string Store = ".cfx/responses.db";

    // In the order in which a study comes by. Each run starts where the one before died.
    private static readonly KillInstant[] Instants =
    [
        KillInstant.Before("Filter", "/filtered.jsonl"),
        KillInstant.After("Filter", "/filtered.jsonl"),
        KillInstant.Before("Split", "/split.jsonl"),
        KillInstant.After("Split", "/split.jsonl.manifest.json"),
        KillInstant.Before("Process-Feedback", Store, 3),
        KillInstant.After("Process-Feedback", Store, 4),
        KillInstant.Before("Process-Feedback", "/feedback.jsonl"),
        KillInstant.After("Process-Alternative", Store, 5),
        KillInstant.After("Process-Alternative", "/alternative.jsonl"),
        KillInstant.Before("Prepare", "/feedback_training.jsonl"),
        KillInstant.After("Prepare", "/alternative_validation.jsonl"),
        KillInstant.Before("FineTune-Feedback", "/feedback_job.json"),
        KillInstant.BeforeJob("FineTune-Feedback", "feedback"),
        KillInstant.AfterJob("FineTune-Feedback", "feedback"),

        // Both jobs are created before either is waited for.
        KillInstant.BeforeJob("FineTune-Feedback", "alternative"),
        KillInstant.AfterJob("FineTune-Feedback", "alternative"),
        KillInstant.Before("FineTune-Feedback", "/feedback_model.json"),
        KillInstant.Before("FineTune-Alternative", "/alternative_model.json"),
        KillInstant.After("FineTune-Alternative", "/alternative_model.json"),
        KillInstant.After("Respond", Store, 3),
        KillInstant.Before("Respond", "/responses/feedback.jsonl"),
        KillInstant.Before("Evaluate-Base-Vs-Feedback", Store, 4),
        KillInstant.After("Evaluate-Base-Vs-Feedback", "/base_vs_feedback.json"),
        KillInstant.Before("Evaluate-Base-Vs-Alternative", "/base_vs_alternative.json"),
        KillInstant.After("Evaluate-Feedback-Vs-Alternative", "/feedback_vs_alternative.json"),
        KillInstant.Before("Analyze", "/analysis.json"),
        KillInstant.After("Analyze", "/report.md"),
    ];

    [Test]
    public void At_least_25_instants_are_chosen_and_one_in_every_stage()
    {
        Assert.That(Instants, Has.Length.GreaterThanOrEqualTo(25));
        Assert.That(Instants.Select(i => i.Stage).Distinct(StringComparer.Ordinal), Is.EqualTo(Targets.All.Except(Targets.Gathering.Keys)));
    }

    [Test]
    public async Task A_study_killed_at_every_chosen_instant_ends_as_if_undisturbed()
    {
        await using var study = await StudyUnderFire.StartAsync();
        foreach (var instant in Instants)
        {
            await study.Runs.KillAtAsync(instant);
            TestContext.Out.WriteLine($"killed at {instant}");
        }

        await study.AssertFinishesAsIfUndisturbedAsync();
    }

    [Test]
    public async Task A_study_that_loses_the_reply_to_every_job_it_creates_has_each_job_once()
    {
        await using var study = await StudyUnderFire.StartAsync();

        var run = await study.Runs.RunAsync(
            string.Empty,
            new ProxyRule("POST", "/fine-tunes", ProxyAction.DropReply, Body: "\"suffix\":\"feedback-"),
            new ProxyRule("POST", "/fine-tunes", ProxyAction.DropReply, Body: "\"suffix\":\"alternative-"));

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(study.Proxy.RulesLeft, Is.Zero, "both replies were lost");
        await study.AssertFinishesAsIfUndisturbedAsync();
    }
}
