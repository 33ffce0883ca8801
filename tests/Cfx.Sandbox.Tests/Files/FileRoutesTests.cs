using System.Net;
using System.Text;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Files;

[CancelAfter(60_000)]
internal sealed class FileRoutesTests
{
    private Harness _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await Harness.StartAsync(Harness.NewFolder());

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task A_redirected_upload_arrives_and_can_be_read_listed_and_deleted()
    {
        var content = Harness.TrainingLines(3, "день 🌞");
        var id = await _server.UploadAsync(content, "C:\\some where/train me.jsonl");

        using var preprocessed = await _server.Client.PostAsync($"files/{id}/preprocess", null);
        var file = await _server.GetAsync("files/" + id);
        Assert.That(preprocessed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(file["object"]!.GetValue<string>(), Is.EqualTo("file"));
        Assert.That(file["filename"]!.GetValue<string>(), Is.EqualTo("train me.jsonl"));
        Assert.That(file["bytes"]!.GetValue<long>(), Is.EqualTo(Encoding.UTF8.GetByteCount(content)));
        Assert.That(file["purpose"]!.GetValue<string>(), Is.EqualTo("fine-tune"));
        Assert.That(file["FileType"]!.GetValue<string>(), Is.EqualTo("jsonl"));
        Assert.That(file["Processed"]!.GetValue<bool>(), Is.True);
        Assert.That(file["processing_status"]!.GetValue<string>(), Is.EqualTo("COMPLETED"));
        Assert.That(file["validation_report"]!["nlines"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(file["validation_report"]!["dataset_has_message_weights"]!.GetValue<bool>(), Is.True);

        using var read = await _server.Client.GetAsync($"files/{id}/content");
        Assert.That(await read.Content.ReadAsStringAsync(), Is.EqualTo(content));
        Assert.That(read.Content.Headers.ContentLength, Is.EqualTo(Encoding.UTF8.GetByteCount(content)));

        Assert.That((await _server.GetAsync("files"))["data"]!.AsArray().Select(entry => entry!["id"]!.GetValue<string>()), Is.EqualTo(new[] { id }));
        using var deleted = await _server.Client.DeleteAsync("files/" + id);
        Assert.That((await Harness.ReadAsync(deleted)).ToJsonString(), Is.EqualTo($$"""{"id":"{{id}}","object":"file","deleted":true}"""));
        Assert.That((await _server.GetAsync("files"))["data"]!.AsArray(), Is.Empty);
        Assert.That((await _server.FailAsync(HttpMethod.Get, "files/" + id)).Status, Is.EqualTo(404));
        Assert.That((await _server.FailAsync(HttpMethod.Get, $"files/{id}/content")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task The_announcement_may_carry_its_fields_in_the_query()
    {
        using var announced = await _server.Client.PostAsync("files?purpose=fine-tune&file_name=a.jsonl&file_type=jsonl", null);

        Assert.That((int)announced.StatusCode, Is.EqualTo(302));
        Assert.That(announced.Headers.Location!.IsAbsoluteUri, Is.True);
        var id = announced.Headers.GetValues("X-Together-File-Id").Single();
        Assert.That((await _server.GetAsync("files/" + id))["processing_status"]!.GetValue<string>(), Is.EqualTo("PENDING"));
        Assert.That((await _server.FailAsync(HttpMethod.Get, $"files/{id}/content")).Error["code"]!.GetValue<string>(), Is.EqualTo("not_uploaded"));
    }

    [Test]
    public async Task A_presigned_address_refuses_a_changed_query_a_key_and_an_unknown_length()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["purpose"] = "fine-tune", ["file_name"] = "a b.jsonl" });
        using var announced = await _server.Client.PostAsync("files", form);
        var location = announced.Headers.Location!.OriginalString;
        using var plain = new HttpClient();
        async Task<int> PutAsync(HttpClient client, string address, bool chunked = false)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent("{}"u8.ToArray()) };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await client.SendAsync(request);
            return (int)response.StatusCode;
        }

        Assert.That(location, Does.Contain("%20"));
        Assert.That(await PutAsync(plain, location.Replace("%20", "+", StringComparison.Ordinal)), Is.EqualTo(403));
        Assert.That(await PutAsync(_server.Client, location), Is.EqualTo(400));
        Assert.That(await PutAsync(plain, location, chunked: true), Is.EqualTo(411));
        Assert.That(await PutAsync(plain, location), Is.EqualTo(200));
        Assert.That(await PutAsync(plain, location), Is.EqualTo(200), "the same content again, as after a lost reply");
    }

    [Test]
    public async Task Content_that_has_come_is_not_overwritten_by_another()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["purpose"] = "batch-api", ["file_name"] = "a.jsonl" });
        using var announced = await _server.Client.PostAsync("files", form);
        using var plain = new HttpClient();
        using var first = await plain.PutAsync(announced.Headers.Location, new StringContent("first"));
        using var second = await plain.PutAsync(announced.Headers.Location, new StringContent("second"));

        Assert.That((first.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.BadRequest)));
        var id = announced.Headers.GetValues("X-Together-File-Id").Single();
        Assert.That(await _server.Client.GetStringAsync($"files/{id}/content"), Is.EqualTo("first"));
    }

    [TestCase("files/upload")]
    [TestCase("files")]
    public async Task A_multipart_upload_arrives_in_one_request(string path)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("fine-tune"), "purpose" },
            { new StringContent("multi.jsonl"), "file_name" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(Harness.TrainingLines(2))), "file", "ignored.jsonl" },
        };
        using var response = await _server.Client.PostAsync(path, form);
        var file = await Harness.ReadAsync(response);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), file.ToJsonString());
        Assert.That(file["filename"]!.GetValue<string>(), Is.EqualTo("multi.jsonl"));
        Assert.That(file["processing_status"]!.GetValue<string>(), Is.EqualTo("COMPLETED"));
        Assert.That(await _server.Client.GetStringAsync($"files/{file["id"]!.GetValue<string>()}/content"), Is.EqualTo(Harness.TrainingLines(2)));
    }

    [Test]
    public async Task A_training_file_that_breaks_a_rule_is_reported_with_its_line()
    {
        var id = await _server.UploadAsync(Harness.TrainingLines(2) + """{"messages":[{"role":"user","content":"x"}]}""" + "\n");
        var file = await _server.GetAsync("files/" + id);

        Assert.That(file["processing_status"]!.GetValue<string>(), Is.EqualTo("INVALID_FORMAT"));
        Assert.That(file["Processed"]!.GetValue<bool>(), Is.False);
        Assert.That(file["validation_report"]!["valid"]!.GetValue<bool>(), Is.False);
        Assert.That(file["validation_report"]!["error_type"]!.GetValue<string>(), Is.EqualTo("INVALID_FORMAT"));
        Assert.That(file["validation_report"]!["error"]!.GetValue<string>(), Does.StartWith("line 3 "));
    }

    [Test]
    public async Task Files_for_other_purposes_are_not_checked()
    {
        var id = await _server.UploadAsync("anything at all", purpose: "batch-api");
        var file = await _server.GetAsync("files/" + id);

        Assert.That(file["processing_status"]!.GetValue<string>(), Is.EqualTo("COMPLETED"));
        Assert.That(file["validation_report"], Is.Null);
    }

    [Test]
    public async Task Processing_can_be_made_to_take_a_while()
    {
        await using var slow = await Harness.StartAsync(Harness.NewFolder(), options => options with { FileProcessingPolls = 2 });
        var id = await slow.UploadAsync(Harness.TrainingLines(1));
        var seen = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add((await slow.GetAsync("files/" + id))["processing_status"]!.GetValue<string>());
        }

        Assert.That(seen, Is.EqualTo(new[] { "RUNNING", "RUNNING", "COMPLETED", "COMPLETED" }));
    }

    [Test]
    public async Task The_same_announcement_again_gets_another_id()
    {
        var ids = new[] { await _server.UploadAsync("{}", "x.jsonl"), await _server.UploadAsync("{}", "x.jsonl"), await _server.UploadAsync("{}", "y.jsonl") };

        Assert.That(ids, Is.Unique);
    }

    [Test]
    public async Task An_announcement_whose_content_never_came_is_taken_up_again_by_the_next_server()
    {
        var folder = Harness.NewFolder();
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var server = await Harness.StartAsync(folder);
            using var announced = await server.Client.PostAsync("files?purpose=fine-tune&file_name=a.jsonl", null);
            ids.Add(announced.Headers.GetValues("X-Together-File-Id").Single());
        }

        Assert.That(ids[1], Is.EqualTo(ids[0]));
    }

    [TestCase("purpose=fine-tune", 400, "file_name")]
    [TestCase("file_name=a.jsonl", 400, "purpose")]
    [TestCase("file_name=a.jsonl&purpose=fun", 400, "purpose")]
    [TestCase("file_name=a.jsonl&purpose=eval&file_type=doc", 400, "file_type")]
    public async Task A_bad_announcement_is_refused_with_the_field_at_fault(string query, int status, string param)
    {
        var (actual, error) = await _server.FailAsync(HttpMethod.Post, "files?" + query);

        Assert.That((actual, error["param"]!.GetValue<string>()), Is.EqualTo((status, param)));
    }

    [Test]
    public async Task A_file_above_the_limit_is_refused()
    {
        await using var strict = await Harness.StartAsync(Harness.NewFolder(), options => options with { MaxFileBytes = 10 });
        using var announced = await strict.Client.PostAsync("files?purpose=eval&file_name=a.jsonl", null);
        using var plain = new HttpClient();
        using var put = await plain.PutAsync(announced.Headers.Location, new StringContent("more than ten bytes"));

        Assert.That((int)put.StatusCode, Is.EqualTo(413));
        var id = announced.Headers.GetValues("X-Together-File-Id").Single();
        Assert.That((await strict.GetAsync("files/" + id))["processing_status"]!.GetValue<string>(), Is.EqualTo("PENDING"));
    }

    [Test]
    public async Task An_id_cannot_leave_its_folder()
    {
        var (status, error) = await _server.FailAsync(HttpMethod.Get, "files/..%2F..%2Flock/content");

        Assert.That(status, Is.EqualTo(404), error.ToJsonString());
    }
}
