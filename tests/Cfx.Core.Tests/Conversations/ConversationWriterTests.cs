using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Conversations;

public class ConversationWriterTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete_folder() => _folder.Dispose();

    private static Gen<JsonNode?> Node(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Constant<JsonNode?>(null),
            ArbMap.Default.GeneratorFor<bool>().Select(value => (JsonNode?)JsonValue.Create(value)),
            ArbMap.Default.GeneratorFor<long>().Select(value => (JsonNode?)JsonValue.Create(value)),
            // Numbers that no binary type keeps as they are.
            Gen.Elements("1.0", "1.50", "-0", "1e400", "12345678901234567890.1", "1E+2").Select(text => JsonNode.Parse(text)),
            Text().Select(text => (JsonNode?)JsonValue.Create(text)));
        return depth == 0
            ? leaf
            : Gen.OneOf(
                leaf,
                Gen.ListOf(Node(depth - 1)).Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
                Object(depth - 1).Select(value => (JsonNode?)value));
    }

    private static Gen<string> Text() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string?>().Select(text => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text ?? ""))),
        Gen.Elements("", "\U0001F600", "שלום", "a\"\\\n\u2028\0", "<b>&amp;</b>", "\u007f\u0085\ufeff"));

    private static Gen<JsonObject> Object(int depth) =>
        from names in Gen.ListOf(Text())
        from values in Gen.ListOf(Node(depth), names.Count)
        select new JsonObject(names.Zip(values).DistinctBy(pair => pair.First, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.First, pair.Second?.DeepClone())));

    [TestCase(".json")]
    [TestCase(".jsonl")]
    public void What_is_written_is_read_back_with_every_field_order_and_digit(string extension)
    {
        var path = _folder["a" + extension];
        var records = Gen.ListOf(Object(2)).ToArbitrary();
        Prop.ForAll(records, list =>
        {
            var expected = list.Select(record => record.ToJsonString()).ToArray();
            WriteAsync(path, list).GetAwaiter().GetResult();
            var read = ConversationReaderTests.ReadAsync(path).GetAwaiter().GetResult();
            return read.Select(record => record.Value!.ToJsonString()).SequenceEqual(expected, StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public async Task Reading_and_writing_again_gives_the_same_bytes()
    {
        var text = "{\"id\":1.0,\"b\":\"é שלום <\",\"z\":[1e5,{}],\"a\":null}\n";
        var path = _folder.Write("a.jsonl", text);
        var record = (await ConversationReaderTests.ReadAsync(path)).Single().Value!;
        await WriteAsync(_folder["b.jsonl"], [record]);
        Assert.That(File.ReadAllText(_folder["b.jsonl"]), Is.EqualTo(text));
    }

    [Test]
    public async Task Half_a_surrogate_pair_is_written_as_a_replacement_character()
    {
        await WriteAsync(_folder["b.jsonl"], [new JsonObject { ["a"] = "x\ud83dy" }]);
        Assert.That(_folder.Lines("b.jsonl").Single()["a"]!.GetValue<string>(), Is.EqualTo("x\ufffdy"));
    }

    [Test]
    public async Task Nothing_appears_without_a_commit_and_the_older_file_stays()
    {
        var path = _folder.Write("a.json", "old");
        await using (var writer = ConversationWriter.Create(path))
        {
            await writer.WriteAsync([], CancellationToken.None);
        }

        Assert.That(Directory.GetFiles(_folder.Root).Select(File.ReadAllText), Is.EqualTo((string[])["old"]));
    }

    [Test]
    public void A_name_that_tells_no_format_is_refused() =>
        Assert.That(() => ConversationWriter.Create(_folder["a.csv"]), Throws.TypeOf<MisuseException>().With.Message.Contains(".jsonl"));

    private static async Task WriteAsync(string path, IEnumerable<JsonObject> records)
    {
        await using var writer = ConversationWriter.Create(path);
        foreach (var record in records)
        {
            await writer.WriteAsync(record, CancellationToken.None);
        }

        await writer.CommitAsync(CancellationToken.None);
    }
}
