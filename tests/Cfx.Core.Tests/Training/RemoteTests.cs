using Cfx.Core.Training;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class RemoteTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void What_records_name_is_needed_what_they_have_left_behind_is_not_and_what_others_own_is_not_shown()
    {
        var record = Record("ft-2", "completed", "file-2") with
        {
            EarlierJobs = [new EarlierJob("ft-1", "arm-11111111", "1111", "error", null, "bad")],
        };
        FineTuningJob[] jobs =
        [
            Job("ft-1", "error", "arm-11111111", "file-1"), Job("ft-2", "completed", "arm-22222222", "file-2"),
            Job("ft-9", "completed", "other-99999999", "file-9"), Job("ft-3", "running", "arm-2-22222222", "file-2"),
        ];
        RemoteFile[] files =
        [
            File("file-1", "arm_training.jsonl", 90), File("file-2", "arm_training.jsonl", 100), File("file-3", "old_training.jsonl", 7),
            File("file-4", "arm_training.jsonl", 55), File("file-9", "mine.jsonl", 100),
        ];

        var items = RemoteInventory.Find([record], [("old_training.jsonl", 7)], files, jobs);

        Assert.That(items.Select(i => $"{i.Kind} {i.Id} {i.Claim}"), Is.EqualTo(new[]
        {
            "file file-1 Unneeded", "file file-2 UnderWay", "file file-4 Unsure", "file file-3 Unneeded",
            "job ft-1 Unneeded", "job ft-2 Needed", "model me/ft-2 Needed", "job ft-3 UnderWay",
        }));
    }

    [Test]
    public void A_file_whose_job_has_ended_is_needed_by_its_record()
    {
        var items = RemoteInventory.Find([Record("ft-2", "completed", "file-2")], [], [File("file-2", "arm_training.jsonl", 100)], []);
        Assert.That(items.Single().Claim, Is.EqualTo(RemoteClaim.Needed));
    }

    [Test]
    public void A_job_known_only_by_its_files_name_and_size_may_be_a_colleagues_and_is_never_unneeded()
    {
        FineTuningJob[] jobs = [Job("ft-2", "completed", "arm-22222222", "file-2"), Job("ft-3", "completed", "arm-33333333", "file-3")];
        RemoteFile[] files = [File("file-2", "arm_training.jsonl", 100), File("file-3", "arm_training.jsonl", 100)];

        var items = RemoteInventory.Find([Record("ft-2", "completed", "file-2")], [("arm_training.jsonl", 100)], files, jobs);

        Assert.That(items.Select(i => $"{i.Kind} {i.Id} {i.Claim}"), Is.EqualTo(new[]
        {
            "file file-2 Needed", "file file-3 Unsure", "job ft-2 Needed", "model me/ft-2 Needed", "job ft-3 Unsure", "model me/ft-3 Unsure",
        }));
    }

    [Test]
    public void A_job_that_no_record_names_is_unsure_though_it_was_trained_on_a_records_file()
    {
        FineTuningJob[] jobs = [Job("ft-2", "completed", "arm-22222222", "file-2"), Job("ft-3", "completed", "arm-33333333", "file-2")];
        var items = RemoteInventory.Find([Record("ft-2", "completed", "file-2")], [], [File("file-2", "arm_training.jsonl", 100)], jobs);
        Assert.That(items.Single(i => i.Id == "ft-3").Claim, Is.EqualTo(RemoteClaim.Unsure));
    }

    [Test]
    public void Files_are_claimed_by_id_before_their_name()
    {
        var items = RemoteInventory.Find(
            [], [], [File("file-1", "cfx-process-1.jsonl", 5), File("file-2", "cfx-process-1.jsonl", 5), File("file-3", "output.jsonl", 5), File("file-4", "output.jsonl", 5)], [],
            new Dictionary<string, RemoteClaim>
            {
                ["file-1"] = RemoteClaim.Unneeded,
                ["cfx-process-1.jsonl"] = RemoteClaim.Unsure,
                ["file-3"] = RemoteClaim.Unneeded,
            });
        Assert.That(items.Select(i => $"{i.Id} {i.Claim}"), Is.EqualTo(new[] { "file-1 Unneeded", "file-2 Unsure", "file-3 Unneeded" }));
    }

    [Test]
    public void Files_of_batches_stand_as_their_records_say_and_other_peoples_stay_unseen()
    {
        var items = RemoteInventory.Find(
            [], [], [File("file-1", "cfx-process-1.jsonl", 5), File("file-2", "cfx-process-2.jsonl", 5), File("file-3", "cfx-process-3.jsonl", 5)], [],
            new Dictionary<string, RemoteClaim> { ["cfx-process-1.jsonl"] = RemoteClaim.UnderWay, ["cfx-process-2.jsonl"] = RemoteClaim.Unneeded });
        Assert.That(items.Select(i => $"{i.Id} {i.Claim}"), Is.EqualTo(new[] { "file-1 UnderWay", "file-2 Unneeded" }));
    }

    [Test]
    public async Task Cancelling_all_cancels_the_studys_jobs_that_have_not_ended_and_no_other()
    {
        var service = new ScriptedFineTuning { MayCancel = true, Way = ["running"] };
        service.Add("arm-22222222", "base");
        service.Add("other-99999999", "base");
        service.Add("arm-33333333", "base");
        service.Add("arm-44444444", "base");
        service.Jobs[3] = service.Jobs[3] with { Status = "completed" };
        JobRecord[] records = [Record("ft-1", "running", "file-1"), Record(null, "intended", "file-1", "arm-33333333"), Record("ft-4", "running", "file-1", "arm-44444444")];
        var logger = new RecordingLogger<JobCancellation>();

        var cancelled = await new JobCancellation(service, logger).RunAsync("all", records, CancellationToken.None);

        Assert.That(cancelled.Select(j => $"{j.Id} {j.Status}"), Is.EqualTo(new[] { "ft-1 cancelled", "ft-3 cancelled" }));
        Assert.That(logger.Lines, Has.All.Contains("are billed"));
    }

    [Test]
    public async Task One_job_is_cancelled_by_its_id_unless_it_has_ended()
    {
        var service = new ScriptedFineTuning { MayCancel = true, Way = ["running"] };
        service.Add("a-11111111", "base");
        var cancellation = new JobCancellation(service, new RecordingLogger<JobCancellation>());
        Assert.That((await cancellation.RunAsync("ft-1", [], CancellationToken.None)).Single().Status, Is.EqualTo("cancelled"));
        Assert.That(() => cancellation.RunAsync("ft-1", [], CancellationToken.None), Throws.InstanceOf<MisuseException>().With.Message.Contains("cancelled already"));
        Assert.That(service.Cancellations, Is.EqualTo(1));
    }

    private static RemoteFile File(string id, string name, long bytes) => new(id, name, "fine-tune", bytes, Day);

    private static FineTuningJob Job(string id, string status, string suffix, string file) => new(
        id, status, "base", status == "completed" ? $"me/{id}" : null, suffix, file, Day.AddHours(int.Parse(id[3..], System.Globalization.CultureInfo.InvariantCulture)), null, null, null);

    private static JobRecord Record(string? job, string status, string file, string suffix = "arm-22222222") => new()
    {
        Arm = "arm",
        Provider = "together",
        Sandbox = false,
        Status = status,
        JobId = job,
        BaseModel = "base",
        Suffix = suffix,
        Attempt = 1,
        Fingerprint = "22222222",
        Hyperparameters = new Hyperparameters(1, 1, null, true, null, 0, null),
        TrainingFile = new JobFile("arm_training.jsonl", "x", 100, 1, file),
    };
}
