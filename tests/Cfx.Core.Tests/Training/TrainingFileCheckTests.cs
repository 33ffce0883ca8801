using System.Text;
using System.Text.Json;
using Cfx.Core.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class TrainingFileCheckTests
{
    private const string Good = """{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""";

    [Test]
    public void Every_well_formed_conversation_passes_and_reads_back_as_it_was() =>
        Prop.ForAll(TrainingGenerators.Conversation().ToArbitrary(), conversation =>
        {
            var line = TrainingLine.Write(LastAssistantMask.Apply(conversation));
            using var document = JsonDocument.Parse(line);
            var messages = document.RootElement.GetProperty("messages").EnumerateArray().ToList();
            return TrainingFileCheck.Fault(line.Span) is null
                && !line.Span.Contains((byte)'\n')
                && messages.Select(m => (m.GetProperty("role").GetString(), m.GetProperty("content").GetString()))
                    .SequenceEqual(conversation.Select(m => ((string?)m.Role, (string?)m.Content)))
                && messages.Select(m => m.GetProperty("weight").GetRawText()).Count(w => w is "1") == 1
                && messages[^1].GetProperty("weight").GetRawText() is "1";
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Leaving_out_any_message_of_a_well_formed_exchange_is_found() =>
        Prop.ForAll(TrainingGenerators.Conversation().ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (conversation, which) =>
        {
            var at = which % conversation.Count;
            var isSystem = conversation[at].Role is "system";
            var rest = conversation.Where((_, i) => i != at).ToList();
            return (TrainingFileCheck.Fault(LastAssistantMask.Apply(rest)) is null) == isSystem;
        }).QuickCheckThrowOnFailure();

    [TestCase("""{"messages":[]}""", "no messages")]
    [TestCase("""{"messages":{}}""", "not an array")]
    [TestCase("""{}""", "no 'messages'")]
    [TestCase("""[]""", "not a JSON object")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0}""", "not a JSON object")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]} x""", "not a JSON object")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}],"id":1}""", "'id'")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1,"name":"x"}]}""", "message 2: the key 'name'")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1.0}]}""", "token 0 or 1 (1.0)")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":true}]}""", "token 0 or 1 (True)")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":null}]}""", "token 0 or 1 (Null)")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":2}]}""", "token 0 or 1 (2)")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a"}]}""", "message 2: no weight")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":0}]}""", "weight 0")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":1},{"role":"assistant","content":"a","weight":1}]}""", "weight 1 on a user")]
    [TestCase("""{"messages":[{"role":"assistant","content":"a","weight":0},{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "begins with the assistant")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "the user twice")]
    [TestCase("""{"messages":[{"role":"system","content":"s","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "right after the system")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"system","content":"s","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "not the first")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1},{"role":"user","content":"q","weight":0}]}""", "before the last")]
    [TestCase("""{"messages":[{"role":"user","content":"q","weight":0}]}""", "the user's, not the assistant's")]
    [TestCase("""{"messages":[{"role":"user","content":" ","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "message 1: an empty content")]
    [TestCase("""{"messages":[{"role":"user","content":null,"weight":0},{"role":"assistant","content":"a","weight":1}]}""", "not text")]
    [TestCase("""{"messages":[{"role":"tool","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "'tool'")]
    [TestCase("""{"messages":[{"content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "no role")]
    [TestCase("""{"messages":[{"role":"user","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "no content")]
    [TestCase("""{"messages":[{"role":"user","content":"\ud83d","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "Unicode")]
    [TestCase("""{"messages":[{"role":"user","role":"user","content":"q","weight":0},{"role":"assistant","content":"a","weight":1}]}""", "'role' twice")]
    [TestCase("", "blank")]
    public void A_line_in_another_form_is_found_and_named(string line, string reason) =>
        Assert.That(TrainingFileCheck.Fault(Encoding.UTF8.GetBytes(line)), Does.Contain(reason));

    [Test]
    public void A_line_that_is_not_utf8_is_found()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        bytes[Array.IndexOf(bytes, (byte)'q')] = 0xFF;
        Assert.That(TrainingFileCheck.Fault(bytes), Does.Contain("Unicode").Or.Contain("JSON"));
    }

    [Test]
    public async Task A_file_is_checked_line_by_line_and_faults_are_counted_beyond_those_kept()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteLines("t.jsonl", Good, "", Good + "\r", """{"messages":[]}""", "[]");
        var report = await TrainingFileCheck.CheckFileAsync(path, 2, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(report.Examples, Is.EqualTo(2));
            Assert.That(report.Faults.Select(f => f.Line), Is.EqualTo(new[] { 2, 4 }));
            Assert.That(report.FaultCount, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task A_byte_order_mark_and_an_empty_file_are_faults_and_a_missing_last_line_end_is_none()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["bom.jsonl"], Good, new UTF8Encoding(true));
        await File.WriteAllTextAsync(folder["empty.jsonl"], "");
        await File.WriteAllTextAsync(folder["good.jsonl"], Good + "\n" + Good);
        var bom = await TrainingFileCheck.CheckFileAsync(folder["bom.jsonl"], 5, CancellationToken.None);
        var empty = await TrainingFileCheck.CheckFileAsync(folder["empty.jsonl"], 5, CancellationToken.None);
        var good = await TrainingFileCheck.CheckFileAsync(folder["good.jsonl"], 5, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(bom.Faults.Single(), Is.EqualTo(new TrainingFileFault(1, "the file begins with a byte order mark")));
            Assert.That(empty.Faults.Single().Reason, Is.EqualTo("the file is empty"));
            Assert.That((good.IsValid, good.Examples), Is.EqualTo((true, 2)));
        });
    }

    [Test]
    public async Task A_line_of_megabytes_is_read_whole()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteLines("long.jsonl", Good, Good.Replace("\"q\"", $"\"{new string('q', 5_000_000)}\"", StringComparison.Ordinal), "{}");
        var report = await TrainingFileCheck.CheckFileAsync(path, 5, CancellationToken.None);
        Assert.That((report.Examples, report.Faults.Single().Line), Is.EqualTo((2, 3)));
    }
}
