using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Tests.Evaluation;

public sealed class ImprovedAgainstOriginalTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Improved_records_become_pairs_with_their_own_context_and_others_are_passed_over()
    {
        var skipped = new List<string?>();
        var pairs = await ImprovedAgainstOriginal.WriteAsync(
            new[]
            {
                Record("c1", true, "old"), Record("c2", false, null), Record("c1", true, "older"), Record("c3", true, null), Record("c4", true, "x"),
            }.ToAsyncEnumerable(),
            3, _folder["new.jsonl"], _folder["old.jsonl"], (id, _) => skipped.Add(id), CancellationToken.None);
        var (improved, original) = (_folder.Lines("new.jsonl"), _folder.Lines("old.jsonl"));

        Assert.That(pairs.Count, Is.EqualTo(3));
        Assert.That(skipped, Is.EqualTo(new[] { "c3" }));
        Assert.That(improved.Select(r => (string)r["item_id"]!), Is.EqualTo(new[] { "c1", "c1#2", "c4" }));
        Assert.That(improved.Select(r => (string)r["response"]!), Is.All.EqualTo("better"));
        Assert.That(original.Select(r => (string)r["response"]!), Is.EqualTo(new[] { "old", "older", "x" }));
        Assert.That(improved.Select(r => r["context"]!.ToJsonString()), Is.EqualTo(original.Select(r => r["context"]!.ToJsonString())));
    }

    [Test]
    public async Task Who_wrote_the_improved_answers_is_told_once_each_and_of_used_records_alone()
    {
        JsonObject By(string id, bool improved, string? model, string? provider)
        {
            var record = Record(id, improved, "old");
            record["generator_model"] = model;
            record["generator_provider"] = provider;
            return record;
        }

        var pairs = await ImprovedAgainstOriginal.WriteAsync(
            new[] { By("c1", true, "m2", "together"), By("c2", true, "m1", "sandbox"), By("c3", true, "m2", null), By("c4", false, "m3", "x"), By("c5", true, null, null) }.ToAsyncEnumerable(),
            null, _folder["new.jsonl"], _folder["old.jsonl"], (_, _) => { }, CancellationToken.None);

        Assert.That(pairs.Generators, Is.EqualTo(new[] { "m1", "m2" }));
        Assert.That(pairs.Providers, Is.EqualTo(new[] { "sandbox", "together" }));
    }

    private static JsonObject Record(string id, bool improved, string? original) => new()
    {
        ["conversation_id"] = id,
        ["category"] = "UR2",
        ["conversation_context"] = new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = "question" }, new JsonObject { ["role"] = "assistant", ["content"] = "better" }),
        ["improved"] = improved,
        ["original_assistant_response"] = original,
    };
}
