using System.Text.Json.Nodes;
using Cfx.Core.Generation;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class TogetherChatModelTests : ClientFixture
{
    [Test]
    public async Task A_question_is_sent_as_the_wire_says_and_the_answer_read()
    {
        Server.Always(Chat, Answer.Ok(Completion("héllo 🙂")));
        var reply = await AskAsync();
        var sent = Server.Last(Chat);
        Assert.Multiple(() =>
        {
            Assert.That(reply with { RequestId = null }, Is.EqualTo(new ChatReply(
                ChatOutcome.Complete, "héllo 🙂", "stop", DateTimeOffset.FromUnixTimeSeconds(1700000000), 3, 4)));
            Assert.That(reply.RequestId, Is.EqualTo("c"));
            Assert.That(
                JsonNode.DeepEquals(
                    JsonNode.Parse(sent.Body),
                    JsonNode.Parse("""{"model":"org/model","messages":[{"role":"user","content":"hello"}],"max_tokens":1000,"temperature":0.3,"top_p":0.9,"seed":5}""")),
                sent.Body);
            Assert.That(sent.Headers["Authorization"], Is.EqualTo("Bearer " + Key));
            Assert.That(sent.Headers["Content-Type"], Does.StartWith("application/json"));
        });
    }

    [TestCase("stop", "x", ChatOutcome.Complete)]
    [TestCase("eos", "x", ChatOutcome.Complete)]
    [TestCase("EOS", "x", ChatOutcome.Complete)]
    [TestCase("length", "x", ChatOutcome.CutOff)]
    [TestCase("length", "null", ChatOutcome.CutOff)]
    [TestCase("something_new", "x", ChatOutcome.CutOff)]
    [TestCase(null, "x", ChatOutcome.CutOff)]
    [TestCase("stop", "null", ChatOutcome.Empty)]
    [TestCase("stop", " ", ChatOutcome.Empty)]
    [TestCase("tool_calls", "null", ChatOutcome.Empty)]
    [TestCase("content_filter", "x", ChatOutcome.Refused)]
    public async Task The_finish_reason_decides_the_outcome(string? finish, string content, ChatOutcome outcome)
    {
        Server.Always(Chat, Answer.Ok(Completion(content, finish)));
        var reply = await AskAsync();
        Assert.That((reply.Outcome, reply.FinishReason), Is.EqualTo((outcome, finish ?? "")));
        Assert.That(Server.Count(Chat), Is.EqualTo(1));
    }

    [Test]
    public async Task A_reply_with_parts_numbers_as_text_and_no_usage_is_read_all_the_same()
    {
        Server.Always(Chat, Answer.Ok(
            """{"created":"1700000000","choices":[{"finish_reason":"stop","message":{"content":[{"type":"text","text":"a"},{"type":"x"},{"type":"text","text":"b"}]}}],"new_field":{}}"""));
        var reply = await AskAsync();
        Assert.That((reply.Content, reply.PromptTokens, reply.CreatedAt.ToUnixTimeSeconds()), Is.EqualTo(("ab", (int?)null, 1700000000L)));
    }

    [TestCase("-1", "4", null, 4)]
    [TestCase("3", "1e22", 3, null)]
    [TestCase("\"NaN\"", "0", null, 0)]
    public async Task Token_counts_that_no_call_can_come_to_are_not_told(string prompt, string completion, int? promptTokens, int? completionTokens)
    {
        Server.Always(Chat, Answer.Ok(
            $$$"""{"choices":[{"finish_reason":"stop","message":{"content":"a"}}],"usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}}}}"""));
        var reply = await AskAsync();
        Assert.That((reply.PromptTokens, reply.CompletionTokens), Is.EqualTo((promptTokens, completionTokens)));
    }

    [Test]
    public async Task The_finish_reason_error_is_asked_again()
    {
        Server.Once(Chat, Answer.Ok(Completion("half", "error"))).Always(Chat, Answer.Ok(Completion()));
        Assert.That((await AskAsync()).Content, Is.EqualTo("hi"));
        Assert.That(Server.Count(Chat), Is.EqualTo(2));
    }

    [Test]
    public void An_unknown_model_is_named_with_the_nearest_known_ones()
    {
        Server.Always(Chat, Answer.Error(404, "Unable to access model"))
            .Always("GET /v1/models", Answer.Ok("""[{"id":"zzz/other"},{"id":"org/model-2"},{"id":"org/Model"},{"id":"q"},{"object":"model"}]"""));
        var e = Failure(() => AskAsync("org/modle"));
        Assert.That(e.StatusCode, Is.EqualTo(404));
        Assert.That(e.Message, Does.Contain("org/modle").And.Contain("Unable to access model").And.Contain("Nearest known models: org/Model, org/model-2, "));
    }

    [Test]
    public async Task No_more_calls_are_in_flight_than_allowed_and_all_are_answered()
    {
        Use(Options with { MaxConcurrency = 3 });
        var full = new TaskCompletionSource();
        var arrived = 0;
        Server.Gate = () =>
        {
            if (Interlocked.Increment(ref arrived) == 3)
            {
                full.SetResult();
            }

            return full.Task;
        };
        Server.Always(Chat, Answer.Ok(Completion()));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync()));
        Assert.That((replies.Length, Server.MostInFlight), Is.EqualTo((20, 3)));
    }

    [Test]
    public async Task Calls_start_no_closer_together_than_the_delay()
    {
        Use(Options with { Delay = TimeSpan.FromSeconds(2) });
        Server.Always(Chat, Answer.Ok(Completion()));
        var began = Time.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await AskAsync();
        }

        Assert.That(Time.GetUtcNow() - began, Is.EqualTo(TimeSpan.FromSeconds(8)));
    }

    [Test]
    public void A_cancelled_call_ends_as_cancelled_and_frees_its_slot()
    {
        Use(Options with { MaxConcurrency = 1 });
        Server.Once(Chat, new Answer(200, "", Break: Break.Never)).Always(Chat, Answer.Ok(Completion()));
        using var stop = new CancellationTokenSource();
        Server.Gate = () => stop.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Client.Chat.CompleteAsync(
            new ChatRequest("m", [], 0, 1, 1, null), stop.Token));
        Server.Gate = null;
        Assert.That(async () => (await AskAsync()).Content, Is.EqualTo("hi"));
    }
}
