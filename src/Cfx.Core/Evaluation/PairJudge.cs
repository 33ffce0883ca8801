using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>Has one pair judged in both orders.</summary>
internal sealed class PairJudge(IChatModel model, EvaluateOptions options)
{
    internal async Task<PairResult> JudgeAsync(ResponseRecord first, ResponseRecord second, CancellationToken cancellationToken)
    {
        if (!first.IsComplete || !second.IsComplete)
        {
            var cause = (first.IsComplete, second.IsComplete) switch
            {
                (false, false) => IncompleteCause.AnswerBoth,
                (false, true) => IncompleteCause.AnswerModel1,
                _ => IncompleteCause.AnswerModel2,
            };
            return new PairResult(first, second, [], new PairOutcome(OutcomeKind.Incomplete), cause, []) { Name1 = options.Model1, Name2 = options.Model2 };
        }

        var calls = new List<ChatCall>(4);
        Judgment normal, reversed;
        // Which order goes first is drawn, so that a drift of the judge does not fall on one order.
        if ((StableSeed.Derive(options.Seed, "order", options.Model1, options.Model2, first.Context.ItemId) & 1) == 0)
        {
            normal = await AskAsync(EvaluationWords.Normal, first, second, calls, cancellationToken);
            reversed = await AskAsync(EvaluationWords.Reversed, first, second, calls, cancellationToken);
        }
        else
        {
            reversed = await AskAsync(EvaluationWords.Reversed, first, second, calls, cancellationToken);
            normal = await AskAsync(EvaluationWords.Normal, first, second, calls, cancellationToken);
        }

        var outcome = PairOutcome.Combine(normal.Verdict, reversed.Verdict);
        IncompleteCause? missing = outcome.Outcome != OutcomeKind.Incomplete ? null
            : normal.Status == Judgment.Failed || reversed.Status == Judgment.Failed ? IncompleteCause.JudgeFailed
            : IncompleteCause.JudgeUnparsed;
        return new PairResult(first, second, [normal, reversed], outcome, missing, calls) { Name1 = options.Model1, Name2 = options.Model2 };
    }

    /// <summary>The question in one order.</summary>
    /// <param name="options">The judge and its prompts.</param>
    /// <param name="order">Which answer stands first.</param>
    /// <param name="first">Model1's answer.</param>
    /// <param name="second">Model2's.</param>
    /// <param name="remind">With the reminder of the form.</param>
    /// <param name="again">The same question with another seed, so that it is asked a second time.</param>
    internal static ChatRequest Request(EvaluateOptions options, string order, ResponseRecord first, ResponseRecord second, bool remind, bool again = false)
    {
        var (a, b) = order == EvaluationWords.Normal ? (first.Response, second.Response) : (second.Response, first.Response);
        return new ChatRequest(
            options.Judge.Model,
            options.Prompts.Messages(first.Context.Context, a, b, remind),
            options.Judge.Temperature,
            options.Judge.TopP,
            options.Judge.MaxTokens,
            StableSeed.ForRequest(options.Seed, again ? "judge again" : "judge", first.Context.ItemId));
    }

    /// <summary>Has the normal order judged a second time.</summary>
    internal Task<Judgment> AgainAsync(ResponseRecord first, ResponseRecord second, List<ChatCall> calls, CancellationToken cancellationToken) =>
        AskAsync(EvaluationWords.Normal, first, second, calls, cancellationToken, again: true);

    private async Task<Judgment> AskAsync(
        string order, ResponseRecord first, ResponseRecord second, List<ChatCall> calls, CancellationToken cancellationToken, bool again = false)
    {
        var text = "";
        for (var attempt = 1; ; attempt++)
        {
            var request = Request(options, order, first, second, remind: attempt > 1, again);
            var call = await ChatCall.AskAsync(model, request, cancellationToken);
            calls.Add(call);
            text = call.Reply?.Content ?? text;
            if (call.IsWithoutReply)
            {
                return new Judgment(order, null, call.Status == ChatCall.Failed ? Judgment.Failed : Judgment.Unparsed, text, attempt, call.Reason);
            }

            // A reply that was cut off may name a verdict in passing: only a whole one counts.
            var verdict = call.Status == ChatCall.Complete ? VerdictParser.Parse(text) : null;
            if (verdict is not null)
            {
                return new Judgment(order, verdict, Judgment.Judged, text, attempt, null);
            }

            if (attempt == 2)
            {
                return new Judgment(
                    order, null, Judgment.Unparsed, text, attempt, call.Reason ?? Judgment.NoVerdict);
            }
        }
    }
}
