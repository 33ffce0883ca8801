using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Tests;
using Cfx.Core.Training;
using Cfx.Together;

namespace Cfx.Contract.Tests.Recording;

/// <summary>Has the client send each of its requests, in each of its forms.</summary>
/// <param name="client">Talks to the sandbox.</param>
/// <param name="withoutRedirects">Talks to it too, but as if it did not know the upload by redirect.</param>
/// <param name="folder">Where the files to upload are written.</param>
internal sealed class ClientCalls(TogetherClient client, TogetherClient withoutRedirects, TemporaryFolder folder)
{
    private const string Base = "sandbox/small";
    private const string Unknown = "no-such/model & more";
    private readonly RecordingProgress _progress = new();

    public static string Example(int number, int weight = 1) =>
        $$"""{"messages":[{"role":"user","content":"Wie heißt Nummer {{number}}? 🙂","weight":0},{"role":"assistant","content":"Answer {{number}}.","weight":{{weight}}}]}""";

    public async Task RunAsync()
    {
        await client.Models.ContentVersionAsync(CancellationToken.None);
        await client.Models.ListAsync(CancellationToken.None);
        await client.Models.FineTunableAsync(CancellationToken.None);
        await ChatAsync();
        await FilesAsync();
        await JobsAsync();
        await BatchesAsync();
    }

    private async Task ChatAsync()
    {
        await AskAsync(Base, 200, 7, new Message(Roles.User, "What is a prime number?"));
        await AskAsync(Base, 1, null, new Message(Roles.System, "Be brief."), new Message(Roles.User, "Größe?\n\"🙂\""), new Message(Roles.Assistant, ""), new Message(Roles.User, "Again."));
        await FailAsync(() => AskAsync(Unknown, 10, null, new Message(Roles.User, "Hello")));
        await FailAsync(() => AskAsync(Base, int.MaxValue, null, new Message(Roles.User, "Hello")));
    }

    private async Task FilesAsync()
    {
        var file = await client.Files.UploadAsync(folder.WriteLines("other.jsonl", """{"custom_id":"1","body":{}}"""), "batch-api", _progress, CancellationToken.None);
        await client.Files.ListAsync(CancellationToken.None);
        await client.Files.GetAsync(file.Id!, CancellationToken.None);
        using var copy = new MemoryStream();
        await client.Files.DownloadAsync(file.Id!, copy, CancellationToken.None);
        await client.Files.DeleteAsync(file.Id!, CancellationToken.None);
        await FailAsync(() => client.Files.GetAsync(file.Id!, CancellationToken.None));
        await FailAsync(() => client.Files.DeleteAsync(file.Id!, CancellationToken.None));
        await FailAsync(() => client.Files.DownloadAsync(file.Id!, copy, CancellationToken.None));
        var invalid = folder.WriteLines("invalid.jsonl", """{"messages":[{"role":"user","content":"q"}]}""");
        await FailAsync(() => client.FineTuning.UploadAsync(invalid, _progress, CancellationToken.None));
        await FailAsync(() => withoutRedirects.FineTuning.UploadAsync(invalid, _progress, CancellationToken.None));
    }

    private async Task BatchesAsync()
    {
        var lines = folder.WriteLines(
            "batch.jsonl",
            """{"custom_id":"1","body":{"model":"sandbox/small","messages":[{"role":"user","content":"What is a prime number?"}],"max_tokens":50}}""",
            """{"custom_id":"2","body":{"model":"sandbox/small","messages":[{"role":"user","content":"Hello"}],"max_tokens":100000000}}""");
        var input = await client.Files.UploadAsync(lines, "batch-api", _progress, CancellationToken.None);
        var batch = await client.Batches.CreateAsync("contract", input.Id!, CancellationToken.None);
        while ((await client.Batches.GetAsync(batch.Id!, CancellationToken.None)).Status is "VALIDATING" or "IN_PROGRESS")
        {
            // Each question lets it take a step.
        }

        await client.Batches.ListAsync(CancellationToken.None);
        await FailAsync(() => client.Batches.CancelAsync(batch.Id!, CancellationToken.None));
        await FailAsync(() => client.Batches.CreateAsync("contract", "file-none", CancellationToken.None));
        await FailAsync(() => client.Batches.GetAsync("none", CancellationToken.None));
        await FailAsync(() => client.Batches.CancelAsync("none", CancellationToken.None));
    }

    private async Task JobsAsync()
    {
        var jobs = client.FineTuning;
        var training = await jobs.UploadAsync(folder.WriteLines("train.jsonl", Example(1), Example(2), Example(3)), _progress, CancellationToken.None);
        var validation = await withoutRedirects.FineTuning.UploadAsync(folder.WriteLines("validation.jsonl", Example(4)), _progress, CancellationToken.None);
        var nothing = await jobs.UploadAsync(folder.WriteLines("nothing.jsonl", Example(5, weight: 0)), _progress, CancellationToken.None);
        await jobs.LimitsAsync(Base, CancellationToken.None);
        await jobs.LimitsAsync(Unknown, CancellationToken.None);

        var adapter = new FineTuningRequest(Base, training, validation, new Hyperparameters(2, 1e-5, null, true, null, 2, 42), "adapter-01234567");
        var full = new FineTuningRequest(Base, training, null, new Hyperparameters(1, 0.001, 1, false, null, 0, null), "full-01234567");
        var longer = new FineTuningRequest(Base, training, null, new Hyperparameters(10, 1e-5, 1, true, 4, 0, 1), "longer-01234567");
        await jobs.EstimateAsync(adapter, CancellationToken.None);
        await jobs.EstimateAsync(full, CancellationToken.None);
        await FailAsync(() => jobs.CreateAsync(full with { BaseModel = Unknown }, CancellationToken.None));
        await FailAsync(() => jobs.CreateAsync(full with { BaseModel = "sandbox/judge" }, CancellationToken.None));
        await FailAsync(() => jobs.GetAsync("ft-none", CancellationToken.None));
        await FailAsync(() => jobs.EventsAsync("ft-none", CancellationToken.None));
        await FailAsync(() => jobs.CheckpointsAsync("ft-none", CancellationToken.None));
        await FailAsync(() => jobs.CancelAsync("ft-none", CancellationToken.None));
        await jobs.MetricsAsync("ft-none", CancellationToken.None);

        var first = await jobs.CreateAsync(adapter, CancellationToken.None);
        var second = await jobs.CreateAsync(full, CancellationToken.None);
        var running = await jobs.CreateAsync(longer, CancellationToken.None);
        var waiting = await jobs.CreateAsync(longer with { Suffix = "waiting-01234567" }, CancellationToken.None);
        await jobs.CancelAsync(waiting.Id, CancellationToken.None);
        await LookAsync(first.Id);
        var tuned = await ReachAsync(first.Id, JobStatus.IsTerminal);
        await LookAsync(first.Id);
        await AskAsync(tuned.OutputModel!, 200, 7, new Message(Roles.User, "What is a prime number?"));
        await ReachAsync(second.Id, JobStatus.IsTerminal);
        await ReachAsync(running.Id, status => status is "running");
        await jobs.CancelAsync(running.Id, CancellationToken.None);
        await ReachAsync(running.Id, JobStatus.IsTerminal);
        var failing = await jobs.CreateAsync(full with { TrainingFileId = nothing }, CancellationToken.None);
        await ReachAsync(failing.Id, JobStatus.IsTerminal);
        await LookAsync(failing.Id);
        await FailAsync(() => jobs.CancelAsync(failing.Id, CancellationToken.None));
        await jobs.ListAsync(CancellationToken.None);
        await client.Models.ListAsync(CancellationToken.None);
        await jobs.DeleteAsync(waiting.Id, CancellationToken.None);
        await FailAsync(() => jobs.DeleteAsync(waiting.Id, CancellationToken.None));
    }

    private async Task LookAsync(string id)
    {
        await client.FineTuning.EventsAsync(id, CancellationToken.None);
        await client.FineTuning.MetricsAsync(id, CancellationToken.None);
        await client.FineTuning.CheckpointsAsync(id, CancellationToken.None);
    }

    /// <summary>Asks until the job is there; each question lets it take a step.</summary>
    private async Task<FineTuningJob> ReachAsync(string id, Func<string, bool> there)
    {
        while (true)
        {
            var job = await client.FineTuning.GetAsync(id, CancellationToken.None);
            if (there(job.Status) || JobStatus.IsTerminal(job.Status))
            {
                return job;
            }
        }
    }

    private Task<ChatReply> AskAsync(string model, int maxTokens, int? seed, params Message[] messages) =>
        client.Chat.CompleteAsync(new ChatRequest(model, messages, 0.7, 0.95, maxTokens, seed), CancellationToken.None);

    private static Task FailAsync(Func<Task> call) => Assert.ThatAsync(call, Throws.InstanceOf<ProviderException>());
}
