using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Training;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class FineTuneRequestTests : ClientFixture
{
    private const string Create = "POST /v1/fine-tunes";
    private const string WandbSecret = "wandb-MARKED-0123456789";
    private static readonly FineTuningRequest Plain = new("org/base", "file-1", null, new Hyperparameters(1, 1e-5, 8, false, null, 0, 1), "s");

    [SetUp]
    public void Provide() => Server.Always(Create, Answer.Ok("""{"id":"ft-1","status":"pending"}"""));

    [Test]
    public async Task Preference_training_is_asked_for_with_its_own_fields_and_none_of_the_other_kinds()
    {
        var sent = await SentAsync(Plain with { Training = TrainingKind.Dpo, Dpo = new DpoOptions { Beta = 0.2, NormalizeByLength = true } });
        Assert.That(
            JsonNode.DeepEquals(
                sent["training_method"],
                JsonNode.Parse("""{"method":"dpo","dpo_beta":0.2,"dpo_normalize_logratios_by_length":true,"dpo_reference_free":false}""")),
            sent.ToJsonString());
        var usual = await SentAsync(Plain with { Training = TrainingKind.Dpo });
        Assert.That(usual["training_method"]!.AsObject().Select(p => p.Key), Is.EqualTo(new[] { "method", "dpo_normalize_logratios_by_length", "dpo_reference_free" }));
    }

    [Test]
    public async Task A_job_goes_on_from_a_checkpoint_only_when_asked_to()
    {
        Assert.That((string?)(await SentAsync(Plain with { FromCheckpoint = "ft-0:12" }))["from_checkpoint"], Is.EqualTo("ft-0:12"));
        Assert.That((await SentAsync(Plain)).Select(p => p.Key), Has.None.EqualTo("from_checkpoint"));
    }

    [Test]
    public async Task The_key_of_WandB_is_sent_only_with_a_project_and_shown_nowhere()
    {
        Use(Options with { WandbKey = new ApiKey(WandbSecret, "WANDB_API_KEY") });
        Assert.That((await SentAsync(Plain)).ToJsonString(), Does.Not.Contain("wandb"));
        var sent = await SentAsync(Plain with { WandbProject = "mine" });
        Assert.That(((string?)sent["wandb_api_key"], (string?)sent["wandb_project_name"]), Is.EqualTo((WandbSecret, "mine")));

        Server.Always(Create, Answer.Error(400, $"bad W&B key {WandbSecret}"));
        var e = Failure(() => Client.FineTuning.CreateAsync(Plain with { WandbProject = "mine" }, CancellationToken.None));
        Assert.That(e.ToString(), Does.Contain("bad W&B key [key]").And.Not.Contain(WandbSecret));
        Assert.That(Logger.Lines, Has.None.Contains(WandbSecret));
        Assert.That(new Wire.FineTuneRequest { TrainingFile = "f", Model = "m", WandbApiKey = WandbSecret }.ToString(), Does.Not.Contain(WandbSecret));
    }

    [Test]
    public void A_project_without_a_key_is_refused_before_anything_is_sent()
    {
        var e = Assert.ThrowsAsync<MisuseException>(() => Client.FineTuning.CreateAsync(Plain with { WandbProject = "mine" }, CancellationToken.None))!;
        Assert.That(e.Message, Does.Contain("WANDB_API_KEY"));
        Assert.That(Server.Received, Is.Empty);
    }

    [Test]
    public void A_server_that_only_chats_is_never_asked_to_train()
    {
        Use(Options with { Provider = "openai", Key = null });
        foreach (var call in new Func<Task>[]
        {
            () => Client.FineTuning.CreateAsync(Plain, CancellationToken.None),
            () => Client.FineTuning.UploadAsync(Folder.WriteLines("t.jsonl", "{}"), Progress, CancellationToken.None),
        })
        {
            Assert.That(Assert.ThrowsAsync<MisuseException>(call)!.Message, Does.Contain("--provider=together").And.Contain("--evaluate-provider=openai"));
        }

        Assert.That(Server.Received, Is.Empty);
    }

    [Test]
    public async Task A_server_without_a_key_gets_no_authorization_and_names_its_own_variable()
    {
        Use(Options with { Provider = "openai", Key = null });
        Server.Always(Chat, Answer.Ok(Completion()));
        await AskAsync();
        Assert.That(Server.Last(Chat).Headers.ContainsKey("Authorization"), Is.False);
        Server.Always(Chat, Answer.Error(401, "no key"));
        Assert.That(Assert.ThrowsAsync<StageFailedException>(() => AskAsync())!.Message, Does.Contain("OPENAI_API_KEY").And.Not.Contain("TOGETHER"));
    }

    [Test]
    public async Task Models_come_from_either_envelope()
    {
        Server.Always("GET /v1/models", Answer.Ok("""{"object":"list","data":[{"id":"llama3","object":"model"}]}"""));
        Assert.That((await Client.Models.ListAsync(CancellationToken.None)).Select(m => m.Id), Is.EqualTo(new[] { "llama3" }));
    }

    [TestCase("")]
    [TestCase("""{"message":"deleted"}""")]
    [TestCase("gone")]
    public async Task What_is_deleted_is_gone_whatever_the_reply_says(string body)
    {
        Server.Always("DELETE /v1/fine-tunes/j", new Answer(200, body)).Always("DELETE /v1/files/f", new Answer(200, body));
        await Client.FineTuning.DeleteAsync("j", CancellationToken.None);
        await Client.Files.DeleteAsync("f", CancellationToken.None);
        Assert.That(Server.Received, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_deletion_whose_reply_was_lost_is_no_fault_but_one_of_something_unknown_is()
    {
        Server.Once("DELETE /v1/files/f", new Answer(200, "", Break: Break.BeforeTheReply)).Always("DELETE /v1/files/f", Answer.Error(404, "no such file"));
        await Client.Files.DeleteAsync("f", CancellationToken.None);
        Assert.That(Failure(() => Client.Files.DeleteAsync("f", CancellationToken.None)).StatusCode, Is.EqualTo(404));
    }

    private async Task<JsonObject> SentAsync(FineTuningRequest request)
    {
        await Client.FineTuning.CreateAsync(request, CancellationToken.None);
        return JsonNode.Parse(Server.Last(Create).Body)!.AsObject();
    }
}
