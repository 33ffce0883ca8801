using System.Text;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Http;

[CancelAfter(60_000)]
internal sealed class SpoilerTests
{
    private const string Body = """{"id":"x","n":5,"flag":true,"choices":[{"index":0,"text":"a"}],"more":"kept"}""";

    [TestCase(FaultKind.WrongTypes, """{"id":"x","n":"5","flag":"true","choices":{"0":{"index":"0","text":"a"}},"more":"kept"}""")]
    [TestCase(FaultKind.MissingFields, """{"n":5,"flag":true,"more":"kept"}""")]
    [TestCase(FaultKind.Slow, Body)]
    public void A_body_is_spoiled_as_its_kind_says(FaultKind kind, string expected) =>
        Assert.That(Encoding.UTF8.GetString(Spoiler.Spoil(Encoding.UTF8.GetBytes(Body), kind).Span), Is.EqualTo(expected));

    [TestCase("truncated-body")]
    [TestCase("malformed-body")]
    [TestCase("wrong-types")]
    [TestCase("missing-fields")]
    [TestCase("drop-after")]
    public async Task A_spoiled_reply_of_an_answered_call_stands_in_the_ledger_as_answered_and_not_delivered(string kind)
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { FaultScript = [FaultRule.Parse($"POST /chat/completions #1 {kind}")] });
        try
        {
            using var response = await server.Client.PostAsync(
                "chat/completions", Harness.Json("""{"model":"fake/small","messages":[{"role":"user","content":"x"}]}"""));
            var text = await response.Content.ReadAsStringAsync();
            Assert.That(kind is "malformed-body" || JsonNode.Parse(text)!["choices"] is not JsonArray);
        }
        catch (HttpRequestException)
        {
            Assert.That(kind, Is.EqualTo("truncated-body").Or.EqualTo("drop-after"));
        }

        var entry = Ledger.Read(folder).Single();
        Assert.That((entry.Status, entry.Delivered, entry.Fault), Is.EqualTo((200, false, kind)));
    }

    [Test]
    public async Task An_upload_that_breaks_off_keeps_nothing_and_may_be_sent_again()
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { FaultScript = [FaultRule.Parse("PUT /upload/{id} #1 upload-breaks")] });
        Assert.That(async () => await server.UploadAsync(Harness.TrainingLines(5_000)), Throws.InstanceOf<HttpRequestException>());
        var pending = (await server.GetAsync("files"))["data"]![0]!["processing_status"]!.GetValue<string>();
        var id = await server.UploadAsync(Harness.TrainingLines(5_000), "again.jsonl");

        Assert.That(pending, Is.EqualTo("PENDING"));
        Assert.That((await server.GetAsync("files/" + id))["processing_status"]!.GetValue<string>(), Is.EqualTo("COMPLETED"));
    }

    [Test]
    public async Task A_job_fails_hangs_or_vanishes_when_told_to()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with
        {
            FaultScript = [FaultRule.Parse("POST /fine-tunes #1 job-fails"), FaultRule.Parse("POST /fine-tunes #2 job-hangs"), FaultRule.Parse("POST /fine-tunes #3 job-vanishes")],
        });
        var file = await server.UploadAsync(Harness.TrainingLines(2));
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await server.PostAsync("fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}"}"""))["id"]!.GetValue<string>());
        }

        // The last is trained although the second never ends.
        Assert.That((await server.FinishAsync(ids[3]))["status"]!.GetValue<string>(), Is.EqualTo("completed"));
        var failed = await server.FinishAsync(ids[0]);
        Assert.That(failed["status"]!.GetValue<string>(), Is.EqualTo("error"));
        Assert.That(failed["events"]!.AsArray().Last()!["message"]!.GetValue<string>(), Does.Contain("on purpose"));
        Assert.That((await server.GetAsync("fine-tunes/" + ids[1]))["status"]!.GetValue<string>(), Is.EqualTo("running"));
        Assert.That((await server.FailAsync(HttpMethod.Get, "fine-tunes/" + ids[2])).Status, Is.EqualTo(404));
        Assert.That((await server.PostAsync($"fine-tunes/{ids[1]}/cancel", ""))["status"]!.GetValue<string>(), Is.EqualTo("cancelled"));
    }
}
