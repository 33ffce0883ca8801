using System.Text;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Files;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Sandbox.Tests.Files;

internal sealed class TrainingFileTests
{
    private const string Good = """{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""";

    [TestCase(Good)]
    [TestCase(Good + "\n")]
    [TestCase(Good + "\r\n" + Good + "\r\n")]
    [TestCase("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"","weight":0}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":"q","reasoning":"extra"},{"role":"assistant","content":"a","weight":1},{"role":"user","content":"q"}]}""")]
    [TestCase("""{"prompt":"p","completion":"c"}""")]
    [TestCase("""{"text":"t"}""")]
    [TestCase("""{"input":{"messages":[{"role":"user","content":"q"}],"tools":[]},"preferred_output":[{"role":"assistant","content":"a"}],"non_preferred_output":[{"role":"assistant","content":"a"}]}""")]
    public async Task A_file_within_the_rules_is_valid(string content) => Assert.That((await CheckAsync(content)).Error, Is.Null);

    [TestCase("", "empty")]
    [TestCase("\uFEFF" + Good, "byte order mark")]
    [TestCase(Good + "\n\n", "line 2 is blank")]
    [TestCase(Good + "\n  \n" + Good, "line 2 is blank")]
    [TestCase("[]", "not a JSON object")]
    [TestCase("{\"messages\":", "line 1 is not valid JSON")]
    [TestCase("""{"other":1}""", "none of the known forms")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"id":1}""", "unexpected field 'id'")]
    [TestCase("""{"messages":[]}""", "at least one message")]
    [TestCase("""{"messages":["x"]}""", "messages[0] that is not an object")]
    [TestCase("""{"messages":[{"content":"q"}]}""", "role is none of")]
    [TestCase("""{"messages":[{"role":"tool","content":"q"}]}""", "role is none of")]
    [TestCase("""{"messages":[{"role":"user","content":"q"}]}""", "no message by the assistant")]
    [TestCase("""{"messages":[{"role":"assistant","content":"a"}]}""", "where system or user must speak")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"user","content":"q"}]}""", "messages[1] by user where assistant must speak")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"system","content":"s"}]}""", "messages[2] by system")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null}]}""", "without a string as content")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":1.0}]}""", "weight 1.0")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":true}]}""", "weight true")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":null}]}""", "weight null")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":"1"}]}""", "weight \"1\"")]
    [TestCase("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":2}]}""", "weight 2")]
    [TestCase(Good + "\n" + """{"text":"t"}""", "line 2 is of the form general")]
    [TestCase("""{"prompt":"p","completion":1}""", "'completion' that is not a string")]
    [TestCase("""{"input":{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]},"preferred_output":[{"role":"assistant","content":"a"}],"non_preferred_output":[{"role":"assistant","content":"a"}]}""", "ends with the assistant")]
    [TestCase("""{"input":{"messages":[{"role":"user","content":"q"}]},"preferred_output":[],"non_preferred_output":[{"role":"assistant","content":"a"}]}""", "'preferred_output'")]
    public async Task A_broken_rule_is_named(string content, string message) => Assert.That((await CheckAsync(content)).Error, Does.Contain(message));

    [Test]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        using var stream = new MemoryStream([.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        Assert.That((await TrainingFile.CheckAsync(stream, CancellationToken.None)).Error, Does.Contain("UTF-8"));
    }

    [Test]
    public void Lines_come_out_as_they_went_in_whatever_the_size_of_the_reads() =>
        Prop.ForAll<string[], PositiveInt>((words, size) =>
        {
            var lines = words.Select(word => JsonValue.Create(word ?? string.Empty).ToJsonString()).ToList();
            using var stream = new Trickle(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), size.Get);
            var read = JsonLines.ReadAsync(stream, CancellationToken.None).ToBlockingEnumerable().Select(Encoding.UTF8.GetString).ToList();
            return read.SequenceEqual(lines, StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Test]
    public async Task Only_answers_of_weight_one_or_without_weight_are_trained()
    {
        var path = Path.Combine(Support.Harness.NewFolder(), "file.jsonl");
        await File.WriteAllTextAsync(path, """
            {"messages":[{"role":"user","content":"q","weight":1},{"role":"assistant","content":"a","weight":0},{"role":"user","content":"r"},{"role":"assistant","content":"b","weight":1}]}
            {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"c"}]}
            """);

        var examples = await TrainingFile.ReadAsync(path, CancellationToken.None);

        Assert.That(
            examples.SelectMany(example => example.Messages).Where(message => message.IsTrained).Select(message => message.Content),
            Is.EqualTo(new[] { "b", "c" }));
    }

    private static async Task<FileCheck> CheckAsync(string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await TrainingFile.CheckAsync(stream, CancellationToken.None);
    }

    private sealed class Trickle(byte[] content, int most) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
