using Cfx.Build.Composition.Planning;
using Cfx.Core.Training;

namespace Build.Tests.Composition.Planning;

public sealed class JobTimesTests
{
    private string _folder = null!;

    [SetUp]
    public void Begin() => _folder = Directory.CreateTempSubdirectory("cfx-job-times").FullName;

    [TearDown]
    public void End() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_job_takes_as_long_as_earlier_ones_of_its_model_by_data_and_epochs_and_no_less_than_they_did()
    {
        await WriteAsync("one/a_job.json", 100, bytes: 1000, epochs: 1);
        await WriteAsync("two/b_job.json", 300, bytes: 1000, epochs: 3);
        var times = await JobTimes.ReadAsync(_folder, "together", CancellationToken.None);
        Assert.That(times.Count("m"), Is.EqualTo(2));
        Assert.That(times.For("m", 2000, 3), Is.EqualTo(TimeSpan.FromSeconds((600 + 600) / 2.0)));
        Assert.That(times.For("m", 10, 1), Is.EqualTo(TimeSpan.FromSeconds((100 + 300) / 2.0)), "waiting and loading take their time");
    }

    [Test]
    public async Task Other_models_other_providers_and_jobs_that_did_not_end_well_tell_nothing()
    {
        await WriteAsync("one/a_job.json", 100, provider: "sandbox");
        await WriteAsync("one/b_job.json", 100, status: "error");
        await WriteAsync("one/c_job.json", null);
        await WriteAsync("one/d_job.json", 100, model: "other");
        await File.WriteAllTextAsync(Path.Combine(_folder, "one", "e_job.json"), "broken");
        var times = await JobTimes.ReadAsync(_folder, "together", CancellationToken.None);
        Assert.That((times.Count("m"), times.For("m", 1000, 1)), Is.EqualTo((0, (TimeSpan?)null)));
        Assert.That((await JobTimes.ReadAsync(Path.Combine(_folder, "none"), "together", CancellationToken.None)).For("m", 1, 1), Is.Null);
    }

    private async Task WriteAsync(
        string path, double? seconds, string provider = "together", string model = "m", string status = "completed", long bytes = 1000, int epochs = 1)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await new JobRecord
        {
            Arm = "a",
            Provider = provider,
            Sandbox = false,
            Status = status,
            OutputModel = "me/m",
            BaseModel = model,
            Suffix = "s",
            Attempt = 1,
            Fingerprint = "f",
            Hyperparameters = new Hyperparameters(epochs, 1e-4, null, true, null, 0, 1),
            TrainingFile = new JobFile("t.jsonl", "00", bytes, 10, null),
            DurationSeconds = seconds,
        }.WriteAsync(full, CancellationToken.None);
    }
}
