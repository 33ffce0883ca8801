using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Tests.Generation;
using TestContext = Cfx.Core.Evaluation.TestContext;

namespace Cfx.Core.Tests.Evaluation;

public sealed class TestContextsTests
{
    [Test]
    public async Task The_first_items_are_taken_and_end_before_the_answer()
    {
        var items = Enumerable.Range(0, 9).Select(i => Items.Make($"i{i}")).ToList();
        var contexts = await TestContexts.FromItemsAsync(items.ToAsyncEnumerable(), 3, default).ToListAsync();

        Assert.That(contexts.Select(c => c.ItemId), Is.EqualTo(new[] { "i0", "i1", "i2" }));
        Assert.That(contexts[1].Context, Is.EqualTo(items[1].Context));
        Assert.That(contexts[1].Category, Is.EqualTo("UR2"));
    }

    [Test]
    public async Task Of_a_conversation_and_of_a_repeated_context_only_the_first_item_counts()
    {
        var first = Items.Make("a");
        var later = Items.Make("a-later") with { ItemId = "a#2", ConversationId = first.ConversationId };
        var repeated = Items.Make("b") with { Context = [.. first.Context.Select(m => m with { Content = "  " + m.Content.ToUpperInvariant() })] };
        var other = Items.Make("c");
        var contexts = await TestContexts.FromItemsAsync(new[] { first, later, repeated, other }.ToAsyncEnumerable(), null, default).ToListAsync();

        Assert.That(contexts.Select(c => c.ItemId), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public async Task A_processed_record_ends_before_its_last_answer_and_another_where_the_locator_says()
    {
        var (contexts, _) = await FromAsync(
        [
            """{"conversation_id":"p","improved":true,"conversation_context":[{"role":"user","content":"q1"},{"role":"assistant","content":"a1"},{"role":"user","content":"q2"},{"role":"assistant","content":"new"}]}""",
            """{"conversation_id":"d","improved":false,"conversation_context":[{"role":"user","content":"q"},{"role":"assistant","content":"bad"},{"role":"user","content":"wrong!"},{"role":"user","content":"really"}]}""",
            """{"conversation_id":"u"}""",
        ],
        null);

        Assert.That(contexts.Select(c => c.ItemId), Is.EqualTo(new[] { "p", "d", "u" }));
        Assert.That(contexts[0].Context.Select(m => m.Content), Is.EqualTo(new[] { "q1", "a1", "q2" }));
        Assert.That(contexts[1].Context.Select(m => m.Content), Is.EqualTo(new[] { "q" }));
        Assert.That(contexts[2].Context.Select(m => m.Content), Is.EqualTo(new[] { "question u" }));
    }

    [Test]
    public async Task The_limit_counts_usable_records_and_the_others_are_told()
    {
        var (contexts, skipped) = await FromAsync(
        [
            """{"conversation_id":"x","improved":true,"conversation_context":[{"role":"assistant","content":"no question"}]}""",
            """{"conversation_id":"bad"}""",
            """{"conversation_id":"u"}""",
            """{"conversation_id":"u"}""",
            """{"conversation_id":"v"}""",
        ],
        2);

        Assert.That(contexts.Select(c => c.ItemId), Is.EqualTo(new[] { "u", "u#2" }));
        Assert.That(contexts.Select(c => c.ConversationId), Is.All.EqualTo("u"));
        Assert.That(skipped, Is.EqualTo(new[] { "x", "bad" }));
    }

    [Test]
    public async Task A_processed_record_may_have_a_number_for_its_id_but_no_message_that_is_none()
    {
        var (contexts, skipped) = await FromAsync(
        [
            """{"conversation_id":12,"improved":true,"conversation_context":[{"role":"user","content":"q"},{"role":"assistant","content":"new"}]}""",
            """{"conversation_id":"hole","improved":true,"conversation_context":[{"role":"user","content":"q"},{"role":"assistant"},{"role":"user","content":"q2"},{"role":"assistant","content":"new"}]}""",
        ],
        null);

        Assert.That(contexts.Select(c => c.ItemId), Is.EqualTo(new[] { "12" }));
        Assert.That(skipped, Is.EqualTo(new[] { "hole" }));
    }

    private static async Task<(List<TestContext>, List<string?>)> FromAsync(IEnumerable<string> records, int? max)
    {
        var skipped = new List<string?>();
        var contexts = await TestContexts.FromRecordsAsync(
            records.Select(r => JsonNode.Parse(r)!.AsObject()).ToAsyncEnumerable(), Locate, max, (id, _) => skipped.Add(id), default).ToListAsync();
        return (contexts, skipped);
    }

    private static FeedbackItem? Locate(JsonObject record) => (string)record["conversation_id"]! is var id and not "bad" ? Items.Make(id) : null;
}
