using System.Text.Json.Nodes;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Jobs;

[CancelAfter(60_000)]
internal sealed class JobWorkerTests
{
    [Test]
    public async Task A_paced_job_is_seen_running_while_chat_goes_on_and_another_waits()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { StepsPerPoll = 1 });
        var (first, _) = await CreateAsync(server, "first");
        var (second, _) = await CreateAsync(server, "second");
        var running = await LookAsync(server, first, job => job["status"]!.GetValue<string>() is "running");
        var waiting = await server.GetAsync("fine-tunes/" + second);
        var reply = await server.PostAsync("chat/completions", """{"model":"fake/small","messages":[{"role":"user","content":"x"}]}""");

        Assert.That(running["status"]!.GetValue<string>(), Is.EqualTo("running"));
        Assert.That(waiting["status"]!.GetValue<string>(), Is.EqualTo("pending"));
        Assert.That(waiting["queue_depth"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(reply["choices"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await server.FinishAsync(first))["status"]!.GetValue<string>(), Is.EqualTo("completed"));
        Assert.That((await server.FinishAsync(second))["status"]!.GetValue<string>(), Is.EqualTo("completed"));
    }

    [Test]
    public async Task A_minimum_duration_spreads_the_steps_over_time_and_gives_an_estimate(CancellationToken cancellationToken)
    {
        var time = new ManualTime();
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { MinimumJobDuration = TimeSpan.FromSeconds(60) }, time);
        var (id, _) = await CreateAsync(server, "slow");
        await time.SomebodyWaitsAsync(cancellationToken);
        for (var step = 1; step < 6; step++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await time.SomebodyWaitsAsync(cancellationToken);
        }

        var job = await server.GetAsync("fine-tunes/" + id);
        var metrics = (await server.GetAsync($"fine-tunes/{id}/metrics"))["metrics"]!.AsArray();
        Assert.That(job["status"]!.GetValue<string>(), Is.EqualTo("running"));
        Assert.That(metrics, Has.Count.EqualTo(6));
        Assert.That(job["progress"]!["estimate_available"]!.GetValue<bool>(), Is.True);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((await server.FinishAsync(id))["status"]!.GetValue<string>(), Is.EqualTo("completed"));
    }

    [Test]
    public async Task A_running_job_is_cancelled_and_so_is_one_that_waits()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { StepsPerPoll = 1 });
        var (first, _) = await CreateAsync(server, "first");
        var (second, _) = await CreateAsync(server, "second");
        await LookAsync(server, first, job => job["status"]!.GetValue<string>() is "running");

        var waiting = await server.PostAsync($"fine-tunes/{second}/cancel", string.Empty);
        var running = await server.PostAsync($"fine-tunes/{first}/cancel", string.Empty);
        var stopped = await server.FinishAsync(first);

        Assert.That(waiting["status"]!.GetValue<string>(), Is.EqualTo("cancelled"));
        Assert.That(running["status"]!.GetValue<string>(), Is.EqualTo("cancel_requested"));
        Assert.That(stopped["status"]!.GetValue<string>(), Is.EqualTo("cancelled"));
        Assert.That(stopped["events"]!.AsArray()[^1]!["type"]!.GetValue<string>(), Is.EqualTo("job_stopped"));
        Assert.That((await server.GetAsync("models")).AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_job_that_is_deleted_while_it_runs_stops_and_the_next_begins()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { StepsPerPoll = 1 });
        var (first, _) = await CreateAsync(server, "first");
        var (second, _) = await CreateAsync(server, "second");
        await LookAsync(server, first, job => job["status"]!.GetValue<string>() is "running");
        using var deleted = await server.Client.DeleteAsync("fine-tunes/" + first);

        Assert.That((await server.FinishAsync(second))["status"]!.GetValue<string>(), Is.EqualTo("completed"));
    }

    [Test]
    public async Task A_job_goes_on_at_the_next_start_with_the_result_of_an_undisturbed_one()
    {
        var (undisturbedModel, undisturbedMetrics) = await UndisturbedAsync();
        var folder = Harness.NewFolder();
        string id;
        await using (var server = await Harness.StartAsync(folder, options => options with { StepsPerPoll = 1 }))
        {
            (id, _) = await CreateAsync(server, "s");
            await UntilStepAsync(server, id, 4);
        }

        await using var next = await Harness.StartAsync(folder);
        var job = await next.FinishAsync(id);
        var metrics = (await next.GetAsync($"fine-tunes/{id}/metrics"))["metrics"]!.ToJsonString();

        Assert.That(job["events"]!.AsArray().Select(entry => entry!["type"]!.GetValue<string>()), Does.Contain("job_restarted"));
        Assert.That(await AnswerAsync(next, job), Is.EqualTo(undisturbedModel));
        Assert.That(metrics, Is.EqualTo(undisturbedMetrics));
    }

    [Test]
    public async Task A_folder_as_a_crash_leaves_it_gives_the_same_result()
    {
        var (undisturbedModel, undisturbedMetrics) = await UndisturbedAsync();
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { StepsPerPoll = 1 });
        var (id, _) = await CreateAsync(server, "s");
        for (var step = 1; step < 6; step++)
        {
            await UntilStepAsync(server, id, step);

            // What is on the disk at one instant is what a killed server would leave; a copy during which files changed shows no instant.
            string copy;
            string before;
            do
            {
                before = Listing(folder);
                copy = Harness.NewFolder();
                foreach (var part in new[] { "files", "jobs", "models" })
                {
                    CopyWhatIsThere(Path.Combine(folder, part), Path.Combine(copy, part));
                }
            }
            while (Listing(folder) != before);

            await using var next = await Harness.StartAsync(copy);
            var job = await next.FinishAsync(id);
            Assert.That(await AnswerAsync(next, job), Is.EqualTo(undisturbedModel), $"killed after step {step}");
            Assert.That((await next.GetAsync($"fine-tunes/{id}/metrics"))["metrics"]!.ToJsonString(), Is.EqualTo(undisturbedMetrics));
            Assert.That(Directory.EnumerateFiles(Path.Combine(copy, "jobs"), "*.state"), Is.Empty, "no training state is left behind");
        }
    }

    [Test]
    public async Task A_training_state_that_a_crash_left_unnamed_goes_with_the_end_of_its_job()
    {
        var folder = Harness.NewFolder();
        string id;
        await using (var server = await Harness.StartAsync(folder, options => options with { StepsPerPoll = 1 }))
        {
            (id, _) = await CreateAsync(server, "s");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "jobs", id + ".999.state"), "written, but its record was not");
        await using var next = await Harness.StartAsync(folder);
        await next.FinishAsync(id);

        Assert.That(Directory.EnumerateFiles(Path.Combine(folder, "jobs"), "*.state"), Is.Empty);
    }

    [Test]
    public async Task Files_jobs_and_models_are_there_after_a_restart()
    {
        var folder = Harness.NewFolder();
        string before;
        string id;
        await using (var server = await Harness.StartAsync(folder))
        {
            (id, _) = await CreateAsync(server, "s");
            await server.FinishAsync(id);
            before = await PictureAsync(server);
        }

        await using var next = await Harness.StartAsync(folder);
        Assert.That(await PictureAsync(next), Is.EqualTo(before));
        Assert.That(await AnswerAsync(next, await next.GetAsync("fine-tunes/" + id)), Does.Contain(" tuned "));
    }

    private static string Listing(string folder) => string.Join('\n', new[] { "files", "jobs", "models" }
        .SelectMany(part => new DirectoryInfo(Path.Combine(folder, part)).GetFiles())
        .Where(file => file.Extension != ".tmp")
        .Select(Described)
        .Order(StringComparer.Ordinal));

    private static string Described(FileInfo file)
    {
        try
        {
            return FormattableString.Invariant($"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        catch (FileNotFoundException)
        {
            // The server has replaced it since it was listed.
            return $"{file.FullName} is gone";
        }
    }

    private static void CopyWhatIsThere(string source, string target)
    {
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "torn.json.tmp"), "{");
        foreach (var path in Directory.GetFiles(source).Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            try
            {
                File.Copy(path, Path.Combine(target, Path.GetFileName(path)));
            }
            catch (FileNotFoundException)
            {
                // Renamed or deleted since it was listed, as the server is still at work.
            }
        }
    }

    private static async Task<string> PictureAsync(Harness server)
    {
        var files = await server.Client.GetStringAsync("files");
        var jobs = await server.Client.GetStringAsync("fine-tunes");
        return files + jobs + await server.Client.GetStringAsync("models");
    }

    private static async Task<(string Model, string Metrics)> UndisturbedAsync()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var (id, _) = await CreateAsync(server, "s");
        var job = await server.FinishAsync(id);
        return (await AnswerAsync(server, job), (await server.GetAsync($"fine-tunes/{id}/metrics"))["metrics"]!.ToJsonString());
    }

    private static async Task<(string Id, string Model)> CreateAsync(Harness server, string suffix)
    {
        var file = await server.UploadAsync(Harness.TrainingLines(9));
        var job = await server.PostAsync(
            "fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}","n_epochs":2,"suffix":"{{suffix}}","learning_rate":0.1}""");
        return (job["id"]!.GetValue<string>(), job["model_output_name"]!.GetValue<string>());
    }

    /// <summary>Looks at the list, which lets no paced job go on, until a job is as wanted.</summary>
    private static async Task<JsonNode> LookAsync(Harness server, string id, Func<JsonNode, bool> isWanted)
    {
        while (true)
        {
            var job = (await server.GetAsync("fine-tunes"))["data"]!.AsArray().Single(job => string.Equals(job!["id"]!.GetValue<string>(), id, StringComparison.Ordinal))!;
            if (isWanted(job))
            {
                return job;
            }
        }
    }

    private static async Task UntilStepAsync(Harness server, string id, int step)
    {
        while ((await server.GetAsync($"fine-tunes/{id}/metrics"))["metrics"]!.AsArray().Count < step)
        {
            // Each question is answered at once and lets the job take a step.
        }
    }

    private static async Task<string> AnswerAsync(Harness server, JsonNode job)
    {
        var reply = await server.PostAsync(
            "chat/completions", $$"""{"model":"{{job["model_output_name"]}}","messages":[{"role":"user","content":"hi"}],"seed":1}""");
        return reply["choices"]![0]!["message"]!["content"]!.GetValue<string>();
    }
}
