using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Tests.Conversations;

public class ConversationReaderTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete_folder() => _folder.Dispose();

    [TestCase("[{\"a\":1},\n {\"a\":2}]", "data.txt")]
    [TestCase("{\"a\":1}\n{\"a\":2}", "data.json")]
    [TestCase("\uFEFF[{\"a\":1},{\"a\":2}]\n\n", "data.jsonl")]
    [TestCase("\uFEFF{\"a\":1}\r\n\r\n{\"a\":2}\r\n", "data")]
    [TestCase("\n  \n[\n{\n\"a\":1\n}\n,\n{\"a\":2}\n]", "data.jsonl")]
    public async Task Array_and_lines_are_told_apart_by_content(string text, string name)
    {
        var records = await ReadAsync(_folder.Write(name, text));
        Assert.That(records.Select(r => r.Value!["a"]!.GetValue<int>()), Is.EqualTo((int[])[1, 2]));
    }

    [Test]
    public async Task A_bad_line_is_rejected_with_its_place_and_text_and_the_rest_is_read()
    {
        var path = _folder.Write("a.jsonl", "{\"a\":1}\n{\"a\":\n\n[1]\n{\"a\":1,\"a\":2}\n7\n{\"a\":2}");
        var records = await ReadAsync(path);
        Assert.That(records.Select(r => r.IsValid), Is.EqualTo((bool[])[true, false, false, false, false, true]));
        Assert.That(records.Select(r => r.Position.Line), Is.EqualTo((long[])[1, 2, 4, 5, 6, 7]));
        Assert.That(records[1].Rejected!.Rejection.Code, Is.EqualTo(RejectionCode.InvalidJson));
        Assert.That(records[1].Rejected!.ToJson()["record"]!.GetValue<string>(), Is.EqualTo("{\"a\":"));
        Assert.That(records[1].Rejected!.ToJson().ContainsKey("index"), Is.False);
        Assert.That(records[2].Rejected!.Rejection.Code, Is.EqualTo(RejectionCode.NotAnObject));
        Assert.That(records[3].Rejected!.Rejection.Code, Is.EqualTo(RejectionCode.InvalidJson));
        Assert.That(records[4].Rejected!.ToString(), Does.Contain("line 6"));
    }

    [Test]
    public async Task An_array_element_that_is_no_object_is_rejected_with_index_and_line()
    {
        var records = await ReadAsync(_folder.Write("a.json", "[{},\n\n null,\n 12, \"x\", {\"a\":{\"b\":1,\"b\":1}}, {}]"));
        Assert.That(records.Select(r => r.IsValid), Is.EqualTo((bool[])[true, false, false, false, false, true]));
        Assert.That(records[1].Position, Is.EqualTo(new RecordPosition(_folder["a.json"], 3, 1)));
        Assert.That(records[5].Position, Is.EqualTo(new RecordPosition(_folder["a.json"], 4, 5)));
        Assert.That(records[1].Rejected!.ToJson()["index"]!.GetValue<long>(), Is.EqualTo(1));
    }

    [TestCase("[{\"a\":1},\n{\"a\" 2}]", 2, 6)]
    [TestCase("[{\"a\":1}\n  {\"a\":2}]", 2, 3)]
    [TestCase("[{\"a\":1},]", 1, 10)]
    [TestCase("[", 1, 2)]
    [TestCase("[{\"a\":1},\n", 2, 1)]
    [TestCase("[{\"a\":1}", 1, 9)]
    [TestCase("[{\"a\":1}] {}", 1, 11)]
    [TestCase("[{\"é\":\"\U0001F600\"}, x]", 1, 14)]
    [TestCase("[{\"a\":1,\n\"b\":[\n1,}]", 3, 3)]
    public void A_broken_array_stops_with_line_column_and_remedy(string text, int line, int column)
    {
        var path = _folder.Write("a.json", text);
        Assert.That(
            () => ReadAsync(path),
            Throws.TypeOf<MisuseException>().With.Message.StartsWith($"{path}, line {line}, column {column}: ").And.Message.Contains("JSONL"));
    }

    [Test]
    public async Task A_message_of_5_MB_is_read_whole_from_both_formats()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789 ü 😀 ", 300_000));
        var line = new JsonObject { ["a"] = text }.ToJsonString();
        foreach (var content in (string[])[$"{{}}\n{line}\n{{}}\n", $"[{{}},{line},{{}}]"])
        {
            var records = await ReadAsync(_folder.Write("a", content));
            Assert.That(records, Has.Count.EqualTo(3));
            Assert.That(records[1].Value!["a"]!.GetValue<string>(), Is.EqualTo(text));
        }
    }

    [Test]
    public async Task Damaged_text_is_read_with_replacement_characters()
    {
        var line = Encoding.UTF8.GetBytes("{\"a\":\"x\\ud83dy\",\"b\":\"\\ude00\\\\ud83d\",\"c\":\"\\uD83D\\uDE00\",\"d\":\"?\",\"e\":\"\\ud83d\\ud83d\\ude00\"}");
        line[Array.LastIndexOf(line, (byte)'?')] = 0xFF;
        var record = (await ReadAsync(_folder.Write("a.jsonl", line))).Single().Value!;
        Assert.That(
            "abcde".Select(name => record[name.ToString()]!.GetValue<string>()),
            Is.EqualTo((string[])["x\ufffdy", "\ufffd\\ud83d", "\U0001F600", "\ufffd", "\ufffd\U0001F600"]));
    }

    [TestCase("")]
    [TestCase(" \n\n")]
    [TestCase("[]")]
    [TestCase("\uFEFF[ ]\n")]
    public async Task A_file_without_records_gives_none(string text) =>
        Assert.That(await ReadAsync(_folder.Write("a", text)), Is.Empty);

    [Test]
    public void A_missing_file_a_folder_and_other_formats_are_refused_by_name()
    {
        Assert.That(() => ReadAsync(_folder["none.json"]), Throws.TypeOf<MisuseException>().With.Message.Contains("none.json"));
        Assert.That(() => ReadAsync(_folder.Root), Throws.TypeOf<MisuseException>().With.Message.Contains("folder"));
        var utf16 = _folder.Write("utf16.json", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("[]")]);
        Assert.That(() => ReadAsync(utf16), Throws.TypeOf<MisuseException>().With.Message.Contains("UTF-8"));
        var zipped = _folder.Write("zipped.json", [0x1F, 0x8B, 8, 0]);
        Assert.That(() => ReadAsync(zipped), Throws.TypeOf<MisuseException>().With.Message.Contains("unpack"));
    }

    [Test]
    public void Reading_ends_when_it_is_cancelled()
    {
        var path = _folder.Write("a.jsonl", "{}\n");
        Assert.That(
            async () =>
            {
                await foreach (var record in ConversationReader.ReadAsync(path, new CancellationToken(canceled: true)))
                {
                    Assert.Fail(record.Position.ToString());
                }
            },
            Throws.InstanceOf<OperationCanceledException>());
    }

    internal static async Task<List<ReadRecord>> ReadAsync(string path) =>
        await ConversationReader.ReadAsync(path, CancellationToken.None).ToListAsync();
}
