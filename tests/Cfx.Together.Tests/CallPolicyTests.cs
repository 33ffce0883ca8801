using Cfx.Core;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class CallPolicyTests : ClientFixture
{
    [TestCase(408)]
    [TestCase(409)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task Passing_trouble_is_tried_again_and_each_attempt_logged(int status)
    {
        Server.Once(Chat, Answer.Error(status, "busy")).Once(Chat, Answer.Error(status, "busy")).Always(Chat, Answer.Ok(Completion()));
        Assert.That((await AskAsync()).Content, Is.EqualTo("hi"));
        Assert.Multiple(() =>
        {
            Assert.That(Server.Count(Chat), Is.EqualTo(3));
            Assert.That(Logger.Lines, Has.Exactly(1).Contains($"HTTP {status}: \"busy\"; attempt 1 of 6"));
            Assert.That(Logger.Lines, Has.Exactly(1).Contains("attempt 2 of 6"));
        });
    }

    [Test]
    public async Task Broken_connections_and_broken_bodies_are_tried_again()
    {
        Server
            .Once(Chat, new Answer(200, "", Break: Break.BeforeTheReply))
            .Once(Chat, new Answer(200, Completion(), Break: Break.WithinTheBody))
            .Once(Chat, Answer.Ok(Completion()[..40]))
            .Once(Chat, Answer.Ok("""{"choices":[]}"""))
            .Once(Chat, Answer.Ok(""))
            .Always(Chat, Answer.Ok(Completion()));
        Assert.That((await AskAsync()).Content, Is.EqualTo("hi"));
        Assert.That(Server.Count(Chat), Is.EqualTo(6));
    }

    [TestCase(400, "context length")]
    [TestCase(403, "context length")]
    [TestCase(404, "name")]
    [TestCase(422, "Check the request")]
    public void A_refusal_is_not_tried_again_and_names_call_status_words_and_remedy(int status, string remedy)
    {
        Server.Always(Chat, Answer.Error(status, "the provider's words"));
        var e = Failure(() => AskAsync());
        Assert.Multiple(() =>
        {
            Assert.That(e.StatusCode, Is.EqualTo(status));
            Assert.That(e.Message, Does.Contain("The chat call to 'org/model' failed (POST /chat/completions at 127.0.0.1:"));
            Assert.That(e.Message, Does.Contain($"HTTP {status}: \"the provider's words\"").And.Contain(remedy));
            Assert.That(Server.Count(Chat), Is.EqualTo(1));
        });
    }

    [TestCase("""{"error":{"message":"words  of\nmany lines","type":null}}""", "\"words of many lines\"")]
    [TestCase("""{"error":"words"}""", "\"words\"")]
    [TestCase("""{"message":"words"}""", "\"words\"")]
    [TestCase("plain words", "\"plain words\"")]
    [TestCase("<html>gateway</html>", "\"<html>gateway</html>\"")]
    [TestCase("""{"error":{"message":"half""", "half")]
    [TestCase("""{"error":{"message":7}}""", "7")]
    [TestCase("", "HTTP 400. ")]
    public void Every_shape_of_error_is_understood(string body, string expected)
    {
        Server.Always(Chat, new Answer(400, body));
        Assert.That(Failure(() => AskAsync()).Message, Does.Contain(expected));
    }

    [Test]
    public void Words_without_end_are_trimmed_and_the_request_id_is_named()
    {
        Server.Always(Chat, Answer.Error(400, new string('w', 5000)).With("x-request-id", "req-77"));
        var e = Failure(() => AskAsync());
        Assert.That(e.Message, Has.Length.LessThan(700).And.Contain("req-77"));
    }

    [Test]
    public void Attempts_come_to_an_end()
    {
        Use(Options with { Attempts = 4 });
        Server.Always(Chat, Answer.Error(503, "overloaded"));
        var e = Failure(() => AskAsync());
        Assert.That(Server.Count(Chat), Is.EqualTo(4));
        Assert.That(e.Message, Does.Contain("after 4 attempts").And.Contain("overloaded"));
    }

    [Test]
    public async Task The_provider_s_wish_to_wait_is_obeyed()
    {
        Server.Once(Chat, Answer.Error(429).With("Retry-After", "17")).Always(Chat, Answer.Ok(Completion()));
        await AskAsync();
        Assert.That(Time.Waits, Has.Member(TimeSpan.FromSeconds(17)));
        var date = (Time.GetUtcNow() + TimeSpan.FromSeconds(23)).ToString("R");
        Server.Once(Chat, Answer.Error(503).With("Retry-After", date));
        var waits = Time.Waits.Count;
        await AskAsync();
        Assert.That(Time.Waits.Skip(waits).Max(), Is.InRange(TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(23)));
    }

    [Test]
    public async Task A_wish_to_wait_no_time_does_not_spend_all_attempts_at_once()
    {
        Server.Once(Chat, Answer.Error(429).With("Retry-After", "0")).Once(Chat, Answer.Error(429).With("retry-after-ms", "1")).Always(Chat, Answer.Ok(Completion()));
        await AskAsync();
        Assert.That(Time.Waits.Count(w => w > TimeSpan.FromMilliseconds(100)), Is.EqualTo(2));
    }

    [Test]
    public async Task Waits_grow_with_each_attempt_and_are_the_same_for_the_same_seed()
    {
        Server.Always(Chat, Answer.Error(500));
        Use(Options with { Seed = 3, RetryDelay = TimeSpan.FromSeconds(2) });
        Failure(() => AskAsync());
        var first = Time.Waits.ToList();
        Use(Options with { Seed = 3, RetryDelay = TimeSpan.FromSeconds(2) });
        Failure(() => AskAsync());
        var second = Time.Waits.Skip(first.Count).ToList();
        Use(Options with { Seed = 4, RetryDelay = TimeSpan.FromSeconds(2) });
        Failure(() => AskAsync());
        var third = Time.Waits.Skip(first.Count + second.Count).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(first, Has.Count.EqualTo(5));
            Assert.That(second, Is.EqualTo(first));
            Assert.That(third, Is.Not.EqualTo(first));
            Assert.That(first[^1], Is.GreaterThan(first[0]).And.LessThanOrEqualTo(TimeSpan.FromSeconds(30)));
        });
        await Task.CompletedTask;
    }

    [Test]
    public void A_call_without_a_reply_ends_by_its_limit()
    {
        Use(Options with { RequestTimeout = TimeSpan.FromSeconds(40), Attempts = 2 });
        Server.Always(Chat, new Answer(200, "", Break: Break.Never));
        Assert.That(Failure(() => AskAsync()).Message, Does.Contain("no reply within 40 s").And.Contain("after 2 attempts"));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_one_line_with_its_address()
    {
        Use(Options with { Attempts = 2 });
        var place = Server.Root.Authority;
        await Server.DisposeAsync();
        var e = Failure(() => AskAsync());
        Assert.That(e.StatusCode, Is.Null);
        Assert.That(e.Message, Does.Contain(place).And.Contain("Check the network and the base URL"));
    }

    [TestCase("http://api.example.org/v1")]
    [TestCase("ftp://127.0.0.1/v1")]
    [TestCase("https://user:pass@api.example.org/v1")]
    public void A_base_url_that_would_show_the_key_is_refused(string url)
    {
        var e = Assert.Throws<MisuseException>(() => Use(Options with { BaseUrl = new Uri(url) }))!;
        Assert.That(e.Message, Does.Contain("base URL"));
    }

    [Test]
    public void Faulty_options_are_named_together()
    {
        var e = Assert.Throws<MisuseException>(() => Use(Options with { MaxConcurrency = 0, Attempts = 99 }))!;
        Assert.That(e.Message, Does.Contain("--max-concurrency is 0").And.Contain("attempts are 99"));
    }
}
