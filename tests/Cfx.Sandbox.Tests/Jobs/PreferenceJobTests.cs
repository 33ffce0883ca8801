using System.Formats.Tar;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Jobs;

[CancelAfter(60_000)]
internal sealed class PreferenceJobTests
{
    private const string Pair =
        """{"input":{"messages":[{"role":"user","content":"q"}]},"preferred_output":[{"role":"assistant","content":"good"}],"non_preferred_output":[{"role":"assistant","content":"bad one"}]}""" + "\n";

    [Test]
    public async Task A_job_trains_on_preferences_and_says_so()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var file = await server.UploadAsync(Pair);
        var job = await CreateAsync(server, file, ""","training_method":{"method":"dpo","dpo_beta":0.2,"rpo_alpha":1}""");

        Assert.That(job["status"]!.GetValue<string>(), Is.EqualTo("completed"));
        Assert.That(job["training_method"]!.ToJsonString(), Is.EqualTo("""{"method":"dpo","dpo_beta":0.2,"dpo_reference_free":false}"""));
        // Question, good answer and bad one.
        Assert.That(job["token_count"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(job["events"]!.AsArray().Select(entry => entry!["message"]!.GetValue<string>()), Has.Some.Contains("rpo_alpha"));
    }

    [Test]
    public async Task Preferences_are_no_examples()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var file = await server.UploadAsync(Pair);
        var (status, error) = await server.FailAsync(HttpMethod.Post, "fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}"}""");

        Assert.That((status, error["param"]!.GetValue<string>()), Is.EqualTo((400, "training_file")));
    }

    [Test]
    public async Task A_job_goes_on_from_a_job_a_model_or_a_step_and_from_nothing_else()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var file = await server.UploadAsync(Harness.TrainingLines(4));
        var first = await CreateAsync(server, file, ""","n_epochs":4,"batch_size":4,"n_checkpoints":2""");
        var (id, name) = (first["id"]!.GetValue<string>(), first["model_output_name"]!.GetValue<string>());
        var outputs = new List<string> { name };
        foreach (var start in new[] { id, name + ":2", id + ":2" })
        {
            var job = await server.FinishAsync((await server.PostAsync("fine-tunes", $$"""{"training_file":"{{file}}","from_checkpoint":"{{start}}","suffix":"s{{outputs.Count}}"}"""))["id"]!.GetValue<string>());
            Assert.That((job["status"]!.GetValue<string>(), job["model"]!.GetValue<string>()), Is.EqualTo(("completed", FakeModelHost.Small)));
            outputs.Add(job["model_output_name"]!.GetValue<string>());
        }

        Assert.That(outputs, Is.Unique);
        var (status, error) = await server.FailAsync(HttpMethod.Post, "fine-tunes", $$"""{"training_file":"{{file}}","from_checkpoint":"{{id}}:3"}""");
        Assert.That((status, error["param"]!.GetValue<string>()), Is.EqualTo((400, "from_checkpoint")));
    }

    [Test]
    public async Task Weights_can_be_taken_away_and_are_the_same_every_time()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var job = await CreateAsync(server, await server.UploadAsync(Harness.TrainingLines(2)), "");
        var path = "finetune/download?checkpoint=merged&ft_id=" + job["id"]!.GetValue<string>();
        var first = await server.Client.GetByteArrayAsync(path);
        var names = new List<string>();
        using (var reader = new TarReader(new MemoryStream(first)))
        {
            while (reader.GetNextEntry() is { } entry)
            {
                names.Add(entry.Name);
            }
        }

        Assert.That(names, Is.EqualTo(new[] { "job.json", "sandbox.model" }));
        Assert.That(await server.Client.GetByteArrayAsync(path), Is.EqualTo(first));
        Assert.That((await server.FailAsync(HttpMethod.Get, "finetune/download?ft_id=ft-none")).Status, Is.EqualTo(404));
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> CreateAsync(Harness server, string file, string rest) =>
        await server.FinishAsync((await server.PostAsync("fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}"{{rest}} }"""))["id"]!.GetValue<string>());
}
