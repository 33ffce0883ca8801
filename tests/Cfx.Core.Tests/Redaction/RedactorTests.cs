using System.Text.Json.Nodes;
using Cfx.Core.Redaction;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Redaction;

public sealed class RedactorTests
{
    // Parts that join into addresses, numbers and keys, and into what only looks so.
    private static readonly string[] Parts =
    [
        "ann", "@", "example", ".", "org", "+49", "030", "1234567", " ", "-", "(", ")", "4111", "1111", "555", "123", "4567", "sk-", "abcdef0123456789",
        "ABCDEFGH", "[", "]", "[EMAIL]", "[X]", "X", "secret", "\n", "é", "0", "1", "00", "5500000000000004", "eyJ", ",", "/", "\ud83d",
    ];

    private static Redactor All { get; } = new([.. BuiltInRules.Names.Select(BuiltInRules.Get), RedactionRule.Custom("word", @"secret\s?X?|X\)+", "[X]")]);

    private static Arbitrary<string> Texts { get; } = Gen.Elements(Parts).ListOf().Select(string.Concat).ToArbitrary();

    [Test]
    public void Redacting_twice_changes_nothing() => Prop.ForAll(Texts, text =>
    {
        var once = All.Apply(text);
        return All.Apply(once) == once;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void Nothing_that_a_rule_matches_is_left() =>
        Prop.ForAll(Texts, text => !All.Matches(All.Apply(text))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void A_text_without_a_match_is_the_same_text() =>
        Prop.ForAll(Texts, text => All.Matches(text) || ReferenceEquals(All.Apply(text), text)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void An_address_in_the_midst_of_any_words_is_found() => Prop.ForAll<NonNull<string>, NonNull<string>>((before, after) =>
        !All.Apply($"{before.Get} ann.lee+x@mail.example.org {after.Get}").Contains("ann.lee", StringComparison.Ordinal)).QuickCheckThrowOnFailure();

    [Test]
    public void Every_count_is_a_replacement() => Prop.ForAll(Texts, text =>
    {
        var counts = new RedactionCounts(All.Names);
        var result = All.Apply(text, counts);
        return counts.ByRule.Values.Sum() == Tokens(result) - Tokens(text);

        static int Tokens(string text) => new[] { "[KEY]", "[EMAIL]", "[CARD]", "[PHONE]", "[X]" }.Sum(t => text.Split(t).Length - 1);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [TestCase("write to Ann.Lee@mail.example.org, please", "write to [EMAIL], please")]
    [TestCase("mailto:jörg@müller.de?x", "mailto:[EMAIL]?x")]
    [TestCase("a@b.co,c@d.org.", "[EMAIL],[EMAIL].")]
    [TestCase("call +49 (0)30 123456-78 now", "call [PHONE] now")]
    [TestCase("030/1234567 or (030) 1234567", "[PHONE] or [PHONE]")]
    [TestCase("(555) 234-5678, 1-555-234-5678, 555.234.5678", "[PHONE], [PHONE], [PHONE]")]
    [TestCase("0044 20 7946 0958", "[PHONE]")]
    [TestCase("4111 1111 1111 1111 12/26", "[CARD] 12/26")]
    [TestCase("card 4111111111111111, exp 12", "card [CARD], exp 12")]
    [TestCase("3782-822463-10005", "[CARD]")]
    [TestCase("7 4111 1111 1111 1111 9", "7 [CARD] 9")]
    [TestCase("key sk-proj-abcDEF0123456789xyz!", "key [KEY]!")]
    [TestCase("ghp_0123456789abcdefghijABCDEFGHIJ456789", "[KEY]")]
    [TestCase("AKIAIOSFODNN7EXAMPLE", "[KEY]")]
    [TestCase("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3", "Bearer [KEY]")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "[KEY]")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----", "[KEY]")]
    [TestCase("my secret X here", "my [X] here")]
    public void What_a_rule_names_is_replaced(string text, string expected) => Assert.That(All.Apply(text), Is.EqualTo(expected));

    [TestCase("on 2024-01-15 at 10:30 in 2025")]
    [TestCase("pi is 3.14159265358979 and 1,000,000 is a million")]
    [TestCase("4111 1111 1111 1112 fails its check digit")]
    [TestCase("@ann and user@localhost and a @ b.org")]
    [TestCase("item 0.0123456789, ISBN 978-3-16-148410-0")]
    [TestCase("Donaudampfschifffahrtsgesellschaftskapitaen")]
    [TestCase("sk-short, commit 3f2a9c1")]
    [TestCase("[EMAIL] and [PHONE]")]
    [TestCase("Fehler 404, 10 20 30 40 50, Zimmer 1204")]
    public void What_no_rule_names_is_left_alone(string text) => Assert.That(All.Apply(text), Is.SameAs(text));

    [Test]
    public void A_record_is_redacted_everywhere_but_in_its_ids_and_roles()
    {
        var record = JsonNode.Parse("""
            {"conversation_id":"ann@example.org","category":"UR2","n":5552345678,"tags":["bob@example.org",["x",{"mail":"cy@example.org"}]],
             "conversation_context":[{"role":"user","content":"I am dee@example.org"}]}
            """)!;
        var counts = new RedactionCounts(All.Names);

        All.Apply(record, counts);

        Assert.That(record.ToJsonString(), Is.EqualTo("""
            {"conversation_id":"ann@example.org","category":"UR2","n":5552345678,"tags":["[EMAIL]",["x",{"mail":"[EMAIL]"}]],"conversation_context":[{"role":"user","content":"I am [EMAIL]"}]}
            """.Trim()));
        Assert.That(counts.ByRule["email"], Is.EqualTo(3));
    }

    [TestCase("(?<=a)b", "cannot be matched in bounded time")]
    [TestCase(@"(a)\1", "cannot be matched in bounded time")]
    [TestCase("(a", "is not a regular expression")]
    [TestCase("a*", "matches the empty text")]
    public void A_pattern_that_cannot_be_used_is_refused(string pattern, string why) =>
        Assert.That(() => RedactionRule.Custom("x", pattern), Throws.TypeOf<FormatException>().With.Message.Contains(why));

    [TestCase("")]
    [TestCase("x")]
    [TestCase("[]")]
    [TestCase("[a]b]")]
    [TestCase("[a@b.org]")]
    public void A_replacement_that_could_be_read_as_text_is_refused(string replacement) =>
        Assert.That(() => RedactionRule.Custom("x", "a", replacement), Throws.TypeOf<FormatException>().With.Message.Contains("square brackets"));

    [Test]
    public void Other_rules_are_another_identity_and_the_order_of_built_in_ones_is_none()
    {
        var (email, phone) = (BuiltInRules.Get("email"), BuiltInRules.Get("phone"));
        Assert.That(Redactor.None.Identity, Is.Empty);
        Assert.That(new Redactor([email, phone]).Identity, Is.EqualTo(new Redactor([phone, email]).Identity));
        string[] identities =
        [
            new Redactor([email]).Identity, new Redactor([phone]).Identity, new Redactor([RedactionRule.Custom("a", "b")]).Identity,
            new Redactor([RedactionRule.Custom("a", "c")]).Identity, new Redactor([RedactionRule.Custom("a", "b", "[B]")]).Identity,
        ];
        Assert.That(identities, Is.Unique);
    }

    [Test]
    public void A_pattern_made_to_be_slow_is_not()
    {
        var redactor = new Redactor([RedactionRule.Custom("slow", "(a|aa)+b")]);
        var text = new string('a', 100_000);
        Assert.That(redactor.Apply(text), Is.SameAs(text));
    }
}
