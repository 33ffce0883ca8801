using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Tests.Conversations;

public class FeedbackItemLocatorTests
{
    /// <summary>A record with messages given as "u text", "a text", "s text".</summary>
    internal static JsonObject Record(string id, string category, params string[] messages) => new()
    {
        ["conversation_id"] = id,
        ["category"] = category,
        ["conversation_context"] = new JsonArray([.. messages.Select(message => new JsonObject
        {
            ["role"] = message[0] switch { 'u' => "user", 'a' => "assistant", _ => "system" },
            ["content"] = message[2..],
        })]),
    };

    private static FeedbackItem Locate(JsonObject record)
    {
        Assert.That(FeedbackItemLocator.TryLocate(record, null, out var item, out var rejection), Is.True, rejection?.ToString());
        return item!;
    }

    private static Rejection Reject(JsonObject record)
    {
        Assert.That(FeedbackItemLocator.TryLocate(record, null, out _, out var rejection), Is.False);
        return rejection!;
    }

    [Test]
    public void Two_closing_user_turns_are_both_feedback_and_the_answer_stays_out_of_the_context()
    {
        var item = Locate(Record("c", "UR2", "s be kind", "u one", "a 1", "u two", "a bad", "u no", "u really no"));
        Assert.That(item.Answer, Is.EqualTo(new Message("assistant", "bad")));
        Assert.That(item.Context.Select(m => m.Content), Is.EqualTo((string[])["be kind", "one", "1", "two"]));
        Assert.That(item.Feedback.Select(m => m.Content), Is.EqualTo((string[])["no", "really no"]));
    }

    [Test]
    public void A_question_asked_in_two_turns_stays_in_the_context() =>
        Assert.That(Locate(Record("c", "UR5", "u hi", "u tell me", "a ok", "u thanks")).Context, Has.Count.EqualTo(2));

    [TestCase("12", "12")]
    [TestCase("12.50", "12.50")]
    [TestCase("\"x y\"", "x y")]
    public void A_number_is_an_id_and_kept_as_its_digits(string json, string id)
    {
        var record = Record("c", "UR2", "u q", "a b", "u no");
        record["conversation_id"] = JsonNode.Parse(json);
        Assert.That(Locate(record).ConversationId, Is.EqualTo(id));
        Assert.That(Locate(record).ItemId, Is.EqualTo(id));
    }

    [TestCase("ur5", FeedbackCategory.UR5)]
    [TestCase(" UR3 ", FeedbackCategory.UR3)]
    public void A_category_is_read_in_any_case(string text, FeedbackCategory category) =>
        Assert.That(Locate(Record("c", text, "u q", "a b", "u no")).Category, Is.EqualTo(category));

    [TestCase("conversation_id", "null", RejectionCode.MissingId, "conversation_id")]
    [TestCase("conversation_id", "\" \\n\"", RejectionCode.MissingId, "conversation_id")]
    [TestCase("conversation_id", "true", RejectionCode.MissingId, "conversation_id")]
    [TestCase("category", "null", RejectionCode.MissingCategory, "category")]
    [TestCase("category", "\"\"", RejectionCode.MissingCategory, "category")]
    [TestCase("category", "\"2\"", RejectionCode.UnknownCategory, "category")]
    [TestCase("category", "2", RejectionCode.UnknownCategory, "category")]
    [TestCase("category", "\"UR2,UR3\"", RejectionCode.UnknownCategory, "category")]
    [TestCase("category", "{\"a\":1}", RejectionCode.UnknownCategory, "category")]
    [TestCase("conversation_context", "null", RejectionCode.MissingContext, "conversation_context")]
    [TestCase("conversation_context", "[]", RejectionCode.MissingContext, "conversation_context")]
    [TestCase("conversation_context", "\"hi\"", RejectionCode.MissingContext, "conversation_context")]
    public void A_faulty_field_is_named(string name, string json, string code, string field)
    {
        var record = Record("c", "UR2", "u q", "a b", "u no");
        record[name] = JsonNode.Parse(json);
        Assert.That(Reject(record), Has.Property("Code").EqualTo(code).And.Property("Field").EqualTo(field));
    }

    [TestCase("\"text\"", RejectionCode.InvalidMessage, "conversation_context[2]")]
    [TestCase("null", RejectionCode.InvalidMessage, "conversation_context[2]")]
    [TestCase("{\"content\":\"no\"}", RejectionCode.MissingRole, "conversation_context[2].role")]
    [TestCase("{\"role\":null,\"content\":\"no\"}", RejectionCode.MissingRole, "conversation_context[2].role")]
    [TestCase("{\"role\":\"tool\",\"content\":\"no\"}", RejectionCode.UnknownRole, "conversation_context[2].role")]
    [TestCase("{\"role\":\"user\"}", RejectionCode.EmptyContent, "conversation_context[2].content")]
    [TestCase("{\"role\":\"user\",\"content\":null}", RejectionCode.EmptyContent, "conversation_context[2].content")]
    [TestCase("{\"role\":\"user\",\"content\":\" \\t\\n\\u00a0\"}", RejectionCode.EmptyContent, "conversation_context[2].content")]
    [TestCase("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"no\"}]}", RejectionCode.EmptyContent, "conversation_context[2].content")]
    [TestCase("{\"role\":\"system\",\"content\":\"no\"}", RejectionCode.MisplacedSystem, "conversation_context[2].role")]
    public void A_faulty_message_is_named_by_its_place(string json, string code, string field)
    {
        var record = Record("c", "UR2", "u q", "a b", "u no");
        record["conversation_context"]!.AsArray()[2] = JsonNode.Parse(json);
        Assert.That(Reject(record), Has.Property("Code").EqualTo(code).And.Property("Field").EqualTo(field));
    }

    [Test]
    public void A_conversation_without_its_three_parts_is_rejected()
    {
        Assert.That(Reject(Record("c", "UR2", "u q", "u no")).Code, Is.EqualTo(RejectionCode.NoAnswer));
        Assert.That(Reject(Record("c", "UR2", "u q", "a b", "u no", "a sorry")).Code, Is.EqualTo(RejectionCode.NoFeedback));
        Assert.That(Reject(Record("c", "UR2", "a b", "u no")).Code, Is.EqualTo(RejectionCode.NoQuestion));
        Assert.That(Reject(Record("c", "UR2", "s x", "a b", "u no")).Code, Is.EqualTo(RejectionCode.NoQuestion));
        Assert.That(Reject(Record("c", "UR2", "u q", "a b", "a c", "u no")).Field, Is.EqualTo("conversation_context[2]"));
    }

    [Test]
    public void A_reason_stays_short_whatever_stands_in_the_file()
    {
        var record = Record("c", new string('x', 1_000_000) + "\n", "u q", "a b", "u no");
        Assert.That(Reject(record).Reason, Has.Length.LessThan(400).And.Not.Contains("\n"));
    }
}
