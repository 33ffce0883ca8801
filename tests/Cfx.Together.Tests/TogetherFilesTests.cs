using System.Text;
using Cfx.Core;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class TogetherFilesTests : ClientFixture
{
    private const string Begin = "POST /v1/files";
    private const string Put = "PUT /bucket/a b";
    private const string Look = "GET /v1/files/file-9";
    private const string Preprocess = "POST /v1/files/file-9/preprocess";
    private const string Form = "POST /v1/files/upload";
    private const string Query = "?X-Amz-Date=2026%20x&sig=a%2Bb%3D";

    private string _path = null!;

    [SetUp]
    public void Write() => _path = Folder.WriteLines("study_training.jsonl", "{\"messages\":[]}", "ünï");

    [Test]
    public async Task A_file_goes_by_redirect_to_the_address_as_given_and_without_the_key()
    {
        Redirects();
        Server.Once(Look, Status("QUEUED")).Once(Look, Status("running")).Always(Look, Status("COMPLETED"));
        var file = await SendAsync();
        var put = Server.Last(Put);
        Assert.Multiple(() =>
        {
            Assert.That(file.Id, Is.EqualTo("file-9"));
            Assert.That(Server.Last(Begin).Body, Is.EqualTo("purpose=fine-tune&file_name=study_training.jsonl&file_type=jsonl"));
            Assert.That(Server.Last(Begin).Headers["Authorization"], Is.EqualTo("Bearer " + Key));
            Assert.That(put.Headers, Does.Not.ContainKey("Authorization"));
            Assert.That(put.Headers["Content-Length"], Is.EqualTo(new FileInfo(_path).Length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.That(put.Headers, Does.Not.ContainKey("Transfer-Encoding"));
            Assert.That(put.Query, Is.EqualTo(Query), "a presigned query must arrive byte for byte");
            Assert.That(put.Bytes, Is.EqualTo(File.ReadAllBytes(_path)));
            Assert.That(Server.Count(Preprocess), Is.EqualTo(1));
            Assert.That(Server.Count(Look), Is.EqualTo(3));
            Assert.That(Progress.Reports[^1], Is.EqualTo($"bytes of study_training.jsonl sent {put.Bytes.Length}/{put.Bytes.Length}"));
        });
    }

    [Test]
    public async Task A_server_without_preprocessing_or_processing_status_is_fine()
    {
        Redirects();
        Server.Always(Preprocess, Answer.Error(404)).Always(Look, Answer.Ok("""{"id":"file-9","Processed":false}"""));
        Assert.That((await SendAsync()).Id, Is.EqualTo("file-9"));
    }

    [Test]
    public async Task A_file_whose_description_leaves_out_its_id_has_the_id_of_its_upload()
    {
        Redirects();
        Server.Always(Look, Answer.Ok("""{"processing_status":"COMPLETED"}"""));
        Assert.That((await SendAsync()).Id, Is.EqualTo("file-9"));
    }

    [Test]
    public async Task An_upload_that_breaks_off_is_sent_again_whole_to_the_same_address()
    {
        Redirects();
        Server.Once(Put, new Answer(200, "", Break: Break.BeforeTheReply)).Once(Put, Answer.Error(503)).Always(Look, Status("COMPLETED"));
        await SendAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Server.Count(Put), Is.EqualTo(3));
            Assert.That(Server.Count(Begin), Is.EqualTo(1));
            Assert.That(Server.Last(Put).Bytes, Is.EqualTo(File.ReadAllBytes(_path)));
            Assert.That(Server.Last(Put).Query, Is.EqualTo(Query));
        });
    }

    [TestCase(200)]
    [TestCase(404)]
    [TestCase(405)]
    [TestCase(400)]
    public async Task A_server_that_does_not_redirect_gets_one_form(int status)
    {
        Server.Always(Begin, new Answer(status, """{"id":"x"}"""))
            .Once(Form, Answer.Error(500))
            .Always(Form, Answer.Ok("""{"id":"file-9"}"""))
            .Always(Look, Status("COMPLETED"));
        await SendAsync();
        var form = Server.Last(Form);
        Assert.Multiple(() =>
        {
            Assert.That(form.Headers["Content-Type"], Does.StartWith("multipart/form-data"));
            Assert.That(form.Body, Does.Contain("{\"messages\":[]}\nünï\n").And.Contain("name=purpose").And.Contain("fine-tune"));
            Assert.That(form.Body, Does.Contain("name=file_name").And.Contain("name=file;"));
        });
    }

    [TestCase(401)]
    [TestCase(403)]
    public void A_refused_key_is_not_answered_with_another_upload(int status)
    {
        Server.Always(Begin, Answer.Error(status));
        Assert.That(Failure(() => SendAsync()).StatusCode, Is.EqualTo(status));
        Assert.That(Server.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_file_that_the_provider_finds_invalid_is_reported_in_its_words()
    {
        Redirects();
        Server.Always(Look, Answer.Ok("""{"id":"file-9","processing_status":"INVALID_FORMAT","validation_report":{"valid":false,"error":"line 3 is bad"}}"""));
        Assert.That(Failure(() => SendAsync()).Message, Does.Contain("study_training.jsonl").And.Contain("line 3 is bad"));
    }

    [Test]
    public void Processing_without_end_is_given_up()
    {
        Use(Options with { ProcessingTimeout = TimeSpan.FromSeconds(30), ProcessingInterval = TimeSpan.FromSeconds(10) });
        Redirects();
        Server.Always(Look, Status("RUNNING"));
        Assert.That(Failure(() => SendAsync()).Message, Does.Contain("still running"));
        Assert.That(Server.Count(Look), Is.EqualTo(4));
    }

    [Test]
    public void An_upload_address_that_is_not_encrypted_is_refused()
    {
        Server.Always(Begin, Redirect("http://bucket.example.org/x"));
        Assert.That(Failure(() => SendAsync()).Message, Does.Contain("not encrypted"));
    }

    [Test]
    public void A_file_that_is_not_there_is_misuse() =>
        Assert.ThrowsAsync<MisuseException>(() => Client.Files.UploadAsync(Folder["none"], "fine-tune", Progress, CancellationToken.None));

    [Test]
    public async Task A_download_that_breaks_off_begins_again()
    {
        Server.Once("GET /v1/files/f/content", new Answer(200, "0123456789", Break: Break.WithinTheBody))
            .Always("GET /v1/files/f/content", Answer.Ok("0123456789"));
        using var target = new MemoryStream();
        await target.WriteAsync("head "u8.ToArray());
        await Client.Files.DownloadAsync("f", target, CancellationToken.None);
        Assert.That(Encoding.UTF8.GetString(target.ToArray()), Is.EqualTo("head 0123456789"));
    }

    [Test]
    public async Task Files_are_listed_and_deleted()
    {
        Server.Always("GET /v1/files", Answer.Ok("""{"data":[{"id":"a","bytes":3,"FileType":"jsonl","Processed":true},{"id":"b","bytes":"4"}]}"""))
            .Always("DELETE /v1/files/a", Answer.Ok("""{"id":"a","deleted":true}"""));
        var files = await Client.Files.ListReadableAsync(CancellationToken.None);
        await Client.Files.DeleteAsync("a", CancellationToken.None);
        Assert.That(files.Select(f => (f.Id, f.Bytes, f.Processed)), Is.EqualTo(new (string?, double?, bool?)[] { ("a", 3, true), ("b", 4, null) }));
        Assert.That(Server.Count("DELETE /v1/files/a"), Is.EqualTo(1));
    }

    private void Redirects() =>
        Server.Always(Begin, _ => Redirect(new Uri(Server.Root, "/bucket/a%20b" + Query).AbsoluteUri))
            .Always(Put, new Answer(200, ""))
            .Always(Preprocess, Answer.Ok("""{"id":"file-9"}"""))
            .Always(Look, Status("COMPLETED"));

    private static Answer Redirect(string location) => new(302, "", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Location"] = location,
        ["X-Together-File-Id"] = "file-9",
    });

    private static Answer Status(string status) => Answer.Ok($$"""{"id":"file-9","processing_status":"{{status}}"}""");

    private Task<Wire.FileObject> SendAsync() => Client.Files.UploadAsync(_path, "fine-tune", Progress, CancellationToken.None);
}
