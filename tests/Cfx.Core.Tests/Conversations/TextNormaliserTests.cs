using System.Text;
using System.Text.RegularExpressions;
using Cfx.Core.Conversations;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Conversations;

public class TextNormaliserTests
{
    // Computed independently, with another language's Unicode tables.
    [TestCase("  what's  the CAPITAL of\n\tFrance? ", "what's the capital of france?", "729979c8c774bed953c9a51e7b5b34c33b2228f21a249e7ee579610290efdabf")]
    [TestCase("\uff37hat\u2019s the capital of France\uff1f", "what\u2019s the capital of france?", "8a4465141e9df30ee6121450c2df08e601866a4d8ac2915e7e31bfc6d5240441")]
    [TestCase("Hello\u00a0World", "hello world", "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")]
    [TestCase("", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [TestCase("Cafe\u0301", "caf\u00e9", "850f7dc43910ff890f8879c0ed26fe697c93a067ad93a7d50f466a7028a9bf4e")]
    [TestCase("CAF\u00c9", "caf\u00e9", "850f7dc43910ff890f8879c0ed26fe697c93a067ad93a7d50f466a7028a9bf4e")]
    public void Normal_form_and_hash_agree_with_an_independent_computation(string text, string normal, string hash)
    {
        Assert.That(TextNormaliser.Normalise(text), Is.EqualTo(normal));
        Assert.That(TextNormaliser.Hash(text), Is.EqualTo(hash));
    }

    [Test]
    public void A_context_hash_agrees_with_an_independent_computation()
    {
        Message[] context = [new("user", "What is 2+2?"), new("assistant", "4"), new("user", "Are  you SURE?")];
        Assert.That(ContextHash.Of(context), Is.EqualTo("222d607b85089da6778323cdbb32f97c8be1e13b88e1f47b097c03e26c83cbe4"));
    }

    [Test]
    public void A_context_hash_tells_roles_and_turns_apart()
    {
        Assert.That(ContextHash.Of([new("user", "a")]), Is.Not.EqualTo(ContextHash.Of([new("assistant", "a")])));
        Assert.That(ContextHash.Of([new("user", "a"), new("user", "b")]), Is.Not.EqualTo(ContextHash.Of([new("user", "a b")])));
    }

    [Test]
    public void White_space_is_what_a_regular_expression_calls_white_space()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
        {
            var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            var expected = Regex.Replace(clean.Normalize(NormalizationForm.FormKC).ToLowerInvariant(), @"\s+", " ", RegexOptions.None).Trim();
            return string.Equals(expected, TextNormaliser.Normalise(text ?? ""), StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
        var all = string.Concat(Enumerable.Range(0, char.MaxValue).Select(c => (char)c));
        Assert.That(all.Where(char.IsWhiteSpace), Is.EqualTo(Regex.Matches(all, @"\s", RegexOptions.None).Select(match => match.Value[0])));
    }

    [Test]
    public void Half_a_surrogate_pair_is_replaced_and_a_whole_one_kept()
    {
        Assert.That(TextNormaliser.Normalise("a \ud83d b"), Is.EqualTo("a \ufffd b"));
        Assert.That(TextNormaliser.Normalise("\ude00"), Is.EqualTo("\ufffd"));
        Assert.That(TextNormaliser.Normalise("\ud83d\ude00"), Is.EqualTo("\ud83d\ude00"));
    }
}
