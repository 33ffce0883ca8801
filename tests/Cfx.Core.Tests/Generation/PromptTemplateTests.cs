using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

public sealed class PromptTemplateTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_value_that_looks_like_a_placeholder_stays_text()
    {
        var prompt = PromptTemplate.Load(Write("Say {{a}} and {{ b }} and {{a}}."), "a", "b");

        Assert.That(prompt.Fill(new Dictionary<string, string> { ["a"] = "{{b}}", ["b"] = "2" }), Is.EqualTo("Say {{b}} and 2 and {{b}}."));
    }

    [Test]
    public void A_missing_placeholder_is_named_with_the_file()
    {
        var path = Write("Say {{a}}.");

        Assert.That(
            () => PromptTemplate.Load(path, "a", "b"),
            Throws.TypeOf<MisuseException>().With.Message.Contains(path).And.Message.Contains("{{b}}"));
    }

    [Test]
    public void An_unknown_placeholder_is_named_with_the_file_and_the_known_ones()
    {
        var path = Write("Say {{a}} {{anwser}}.");

        Assert.That(
            () => PromptTemplate.Load(path, "a"),
            Throws.TypeOf<MisuseException>().With.Message.Contains(path).And.Message.Contains("{{anwser}}").And.Message.Contains("known are {{a}}"));
    }

    [Test]
    public void A_missing_or_empty_file_is_named()
    {
        Assert.That(() => PromptTemplate.Load(_folder["none.txt"]), Throws.TypeOf<MisuseException>().With.Message.Contains("none.txt"));
        var path = Write(" \n");
        Assert.That(() => PromptTemplate.Load(path), Throws.TypeOf<MisuseException>().With.Message.Contains("empty"));
    }

    [Test]
    public void The_hash_follows_the_words_and_not_the_line_ends()
    {
        var unix = PromptTemplate.Load(Write("a\nb\n")).ContentHash;

        Assert.That(PromptTemplate.Load(Write("a\r\nb")).ContentHash, Is.EqualTo(unix));
        Assert.That(PromptTemplate.Load(Write("a\nc\n")).ContentHash, Is.Not.EqualTo(unix));
    }

    private string Write(string text)
    {
        var path = _folder["prompt.txt"];
        File.WriteAllText(path, text);
        return path;
    }
}
