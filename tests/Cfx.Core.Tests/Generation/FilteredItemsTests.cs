using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

public sealed class FilteredItemsTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task An_item_has_the_id_that_the_filter_gave_it()
    {
        var path = _folder.Write("filtered.jsonl", "\uFEFF{\"conversation_id\":\"a\",\"item_id\":\"a#2\"}\n");
        var items = await FilteredItems.ReadAsync(path, record => Items.Make((string)record["conversation_id"]!), default).ToListAsync();

        Assert.That(items.Select(i => (i.ItemId, i.ConversationId)), Is.EqualTo(new[] { ("a#2", "a") }));
    }

    [Test]
    public void A_record_without_an_id_names_the_file()
    {
        var path = _folder.Write("filtered.jsonl", "{\"conversation_id\":\"a\"}\n");

        Assert.That(
            async () => await FilteredItems.ReadAsync(path, _ => Items.Make("a"), default).CountAsync(),
            Throws.TypeOf<MisuseException>().With.Message.Contains(path).And.Message.Contains("item_id"));
    }
}
