using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

public sealed class SplitSidesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Each_item_is_on_the_side_the_file_says_and_unknown_items_on_none()
    {
        var sides = await SplitSides.LoadAsync(Write("{\"item_id\":\"a\",\"side\":\"train\"}\n\n{\"item_id\":\"b\",\"side\":\"validation\"}\n{\"item_id\":\"c\",\"side\":\"test\"}"), default);

        Assert.That(((string[])["a", "b", "c", "d"]).Select(sides.IsForTraining), Is.EqualTo(new[] { true, true, false, false }));
        Assert.That(((string[])["a", "b", "c", "d"]).Select(sides.IsTest), Is.EqualTo(new[] { false, false, true, false }));
    }

    [TestCase("{\"item_id\":\"a\",\"side\":\"tset\"}", "tset")]
    [TestCase("{\"item_id\":\"a\"}", "side")]
    [TestCase("{\"item_id\":\"a\",\"side\":\"test\"}\n{\"item_id\":\"a\",\"side\":\"test\"}", "twice")]
    [TestCase("{\"item_id\":\"a\",\"side\":\"test\"}\n{oops", "line 2")]
    [TestCase("[]", "line 1")]
    [TestCase("{\"item_id\":\"a\",\"item_id\":\"b\",\"side\":\"test\"}", "line 1")]
    public void A_broken_file_is_one_line_that_names_it(string text, string what)
    {
        var path = Write(text);

        Assert.That(
            async () => await SplitSides.LoadAsync(path, default),
            Throws.TypeOf<MisuseException>().With.Message.Contains(path).And.Message.Contains(what).And.Message.Not.Contains("\n"));
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(async () => await SplitSides.LoadAsync(_folder["no.jsonl"], default), Throws.TypeOf<MisuseException>().With.Message.Contains("no.jsonl"));

    private string Write(string text)
    {
        var path = _folder["split.jsonl"];
        File.WriteAllText(path, text);
        return path;
    }
}
