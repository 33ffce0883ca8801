using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

public sealed class FailureGuardTests
{
    private static readonly ChatCall Good = new(ChatCall.Complete, null, ScriptedModel.Reply("x"));

    [Test]
    public void Twenty_first_failures_for_one_reason_end_the_stage_with_that_reason()
    {
        var guard = new FailureGuard("calls to m");
        for (var i = 0; i < 19; i++)
        {
            guard.Observe(Bad("no such model"));
        }

        Assert.That(
            () => guard.Observe(Bad("no such model")),
            Throws.TypeOf<StageFailedException>().With.Message.Contains("20 calls to m").And.Message.Contains("no such model"));
    }

    [Test]
    public void Messages_that_differ_only_in_their_request_id_are_one_reason_by_status()
    {
        var guard = new FailureGuard("calls");

        Assert.That(
            () => Enumerable.Range(0, 20).ToList().ForEach(i => guard.Observe(Bad($"request {i}: unauthorised", 401))),
            Throws.TypeOf<StageFailedException>());
    }

    [Test]
    public void One_success_or_another_reason_among_the_first_lets_the_stage_go_on()
    {
        foreach (var other in (ChatCall[])[Good, Bad("another reason")])
        {
            var guard = new FailureGuard("calls");
            guard.Observe(Bad("down"));
            guard.Observe(other);
            for (var i = 0; i < 100; i++)
            {
                guard.Observe(Bad("down"));
            }

            Assert.That(guard.Complete, Throws.Nothing);
        }
    }

    [Test]
    public void A_short_run_in_which_everything_failed_fails_at_its_end()
    {
        var guard = new FailureGuard("calls");
        guard.Observe(Bad("down"));

        Assert.That(guard.Complete, Throws.TypeOf<StageFailedException>().With.Message.Contains("down"));
    }

    [Test]
    public void Requests_that_the_provider_refuses_count_like_calls_that_fail()
    {
        var guard = new FailureGuard("calls");

        Assert.That(
            () => Enumerable.Range(0, 20).ToList().ForEach(_ => guard.Observe(new ChatCall(ChatCall.Refused, "HTTP 400: no such parameter", null, 400))),
            Throws.TypeOf<StageFailedException>());
    }

    private static ChatCall Bad(string reason, int? status = null) => new(ChatCall.Failed, reason, null, status);

    [Test]
    public void A_stage_whose_every_call_is_refused_in_words_of_its_own_has_failed()
    {
        var guard = new FailureGuard("calls to m");
        for (var i = 0; i < 30; i++)
        {
            guard.Observe(Refused($"400: {i} tokens and 4096 more are too many"));
        }

        Assert.That(guard.Complete, Throws.TypeOf<StageFailedException>().With.Message.EqualTo("All 30 calls to m were refused for what they hold. The first: 400: 0 tokens and 4096 more are too many"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void One_call_that_was_answered_or_may_yet_be_keeps_refusals_what_they_are(bool isAnswered)
    {
        var guard = new FailureGuard("calls to m");
        guard.Observe(Refused("too long: 1"));
        guard.Observe(Refused("too long: 2"));
        guard.Observe(isAnswered ? Good : Bad("busy", 503));

        Assert.That(guard.Complete, Throws.Nothing);
    }

    private static ChatCall Refused(string reason) => new(ChatCall.Refused, reason, null, 400);
}
