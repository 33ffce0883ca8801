using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Together.Store;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Together.Tests.Store;

[TestFixture]
public sealed class ResponseKeyTests
{
    private static readonly ChatRequest Golden = new(
        "org/model", [new Message(Roles.System, "a\"b\\c\nd\u0001"), new Message(Roles.User, "héllo 🙂 </x>\u007f")], 0.7, 1, 1000, null);

    /// <summary>What is stored under these keys was paid for: if this test fails, the format has changed, and <see cref="ResponseKey.Version"/> must.</summary>
    [Test]
    public void The_format_of_version_1_stays_as_it_is()
    {
        var canonical = ResponseKey.Canonical(Golden);
        Assert.Multiple(() =>
        {
            Assert.That(ResponseKey.Version, Is.EqualTo(1));
            Assert.That(
                canonical,
                Is.EqualTo(
                    """{"model":"org/model","messages":[{"role":"system","content":"a\"b\\c\u000ad\u0001"},{"role":"user","content":"héllo 🙂 </x>DEL"}],"temperature":0.7,"top_p":1,"max_tokens":1000,"seed":null}"""
                        .Replace("DEL", "\u007f", StringComparison.Ordinal)));
            Assert.That(
                ResponseKey.Of("together api.together.ai/v1", null, canonical),
                Is.EqualTo("cac54677a47224159aa5cf83e407e0a1f647dfee2dbc88459b09324b99adfb64"));
            Assert.That(
                ResponseKey.Of("together api.together.ai/v1", "ft-1", canonical),
                Is.EqualTo("44887fd1a0147fada57330db808045d868bcea25ada9a3948ac81c66751a27e8"));
        });
    }

    [Test]
    public void The_canonical_request_is_JSON_that_says_what_the_request_says()
    {
        var json = JsonNode.Parse(ResponseKey.Canonical(Golden with { Temperature = 1e-7, Seed = -3 }))!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)json["messages"]![0]!["content"], Is.EqualTo(Golden.Messages[0].Content));
            Assert.That((string?)json["messages"]![1]!["content"], Is.EqualTo(Golden.Messages[1].Content));
            Assert.That((double)json["temperature"]!, Is.EqualTo(1e-7));
            Assert.That((int)json["seed"]!, Is.EqualTo(-3));
        });
    }

    [Test]
    public void The_machines_language_changes_no_byte()
    {
        var expected = ResponseKey.Canonical(Golden);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NegativeSign = "~" } };
            Assert.That(ResponseKey.Canonical(Golden), Is.EqualTo(expected));
            Assert.That(ResponseKey.Canonical(Golden with { Seed = -1 }), Does.Contain("\"seed\":-1}"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void Requests_have_equal_keys_exactly_when_they_are_equal() =>
        Prop.ForAll(Requests().ToArbitrary(), Requests().ToArbitrary(), (a, b) =>
            Key(a) == Key(Copy(a)) && (Key(a) == Key(b)) == AreEqual(a, b)).QuickCheckThrowOnFailure();

    [Test]
    public void Any_changed_field_changes_the_key() =>
        Prop.ForAll(Requests().ToArbitrary(), Text().ToArbitrary(), (request, text) =>
        {
            var keys = new HashSet<string>(StringComparer.Ordinal) { Key(request) };
            var messages = request.Messages;
            ChatRequest[] changed =
            [
                request with { Model = request.Model + "x" },
                request with { Temperature = request.Temperature + 0.125 },
                request with { TopP = request.TopP / 2 },
                request with { MaxTokens = request.MaxTokens + 1 },
                request with { Seed = request.Seed is null ? 0 : null },
                request with { Messages = [.. messages, new Message(Roles.User, text)] },
                request with { Messages = [.. messages, new Message(Roles.Assistant, text)] },
                request with { Messages = [new Message(messages[0].Role, messages[0].Content + "\""), .. messages.Skip(1)] },
                request with { Messages = [.. messages.Skip(1)] },
            ];
            return changed.All(c => keys.Add(Key(c)))
                && keys.Add(ResponseKey.Of("other", null, ResponseKey.Canonical(request)))
                && keys.Add(ResponseKey.Of("s", "", ResponseKey.Canonical(request)))
                && keys.Add(ResponseKey.Of("s", "-", ResponseKey.Canonical(request)))
                && keys.Add(ResponseKey.Of("s\nmodel -", null, ResponseKey.Canonical(request)))
                && keys.Add(ResponseKey.Of("s\\nmodel -", null, ResponseKey.Canonical(request)));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_number_that_is_none_is_refused() =>
        Assert.That(() => ResponseKey.Canonical(Golden with { TopP = double.NaN }), Throws.ArgumentException.With.Message.Contains("NaN"));

    private static string Key(ChatRequest request) => ResponseKey.Of("s", null, ResponseKey.Canonical(request));

    private static ChatRequest Copy(ChatRequest r) =>
        r with { Messages = [.. r.Messages.Select(m => new Message(new string(m.Role.AsSpan()), new string(m.Content.AsSpan())))] };

    private static bool AreEqual(ChatRequest a, ChatRequest b) =>
        a.Messages.SequenceEqual(b.Messages)
        && (a.Model, a.Temperature, a.TopP, a.MaxTokens, a.Seed).Equals((b.Model, b.Temperature, b.TopP, b.MaxTokens, b.Seed));

    // Few values, so that equal requests do come up; halves of surrogate pairs among them.
    private static Gen<string> Text() => Gen.Elements("", "a", "b", "\"", "\\", "\\u000a", "\n", "\ud800", "\udc00", "\ud83d\ude42", "\ufffd", "\0", "é", "e\u0301");

    private static Gen<ChatRequest> Requests() =>
        from model in Gen.Elements("m", "n")
        from count in Gen.Choose(1, 2)
        from texts in Text().ArrayOf(count)
        from role in Gen.Elements(Roles.User, Roles.Assistant)
        from temperature in Gen.Elements(0, 0.1, 1e-7, 2.0 / 3)
        from seed in Gen.Elements<int?>(null, 0, int.MaxValue)
        select new ChatRequest(model, [.. texts.Select(t => new Message(role, t))], temperature, 0.9, 10, seed);
}
