using System.Text.Json.Nodes;
using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>What an evaluation counts besides the outcomes.</summary>
internal sealed class EvaluateCounts(string judgeModel)
{
    internal const int ExamplesShown = 3;
    private int _judged;
    private int _unparsed;
    private int _failed;
    private int _askedAgain;
    private long _promptTokens;
    private long _completionTokens;
    private readonly List<(string ItemId, string Reason)> _incomplete = [];

    internal FailureGuard Guard { get; } = new($"calls to the judge {judgeModel}");

    internal string? Model1 { get; private set; }

    internal string? Model2 { get; private set; }

    internal DateTimeOffset? LastReply { get; private set; }

    internal void Add(PairResult result)
    {
        if (result.Cause is not null && _incomplete.Count < ExamplesShown)
        {
            _incomplete.Add((result.First.Context.ItemId, result.Reason()));
        }

        Model1 ??= result.First.Model;
        Model2 ??= result.Second.Model;
        foreach (var judgment in result.Judgments)
        {
            _judged += judgment.Status == Judgment.Judged ? 1 : 0;
            _unparsed += judgment.Status == Judgment.Unparsed ? 1 : 0;
            _failed += judgment.Status == Judgment.Failed ? 1 : 0;
            _askedAgain += judgment.Attempts > 1 ? 1 : 0;
        }

        foreach (var call in result.Calls)
        {
            Guard.Observe(call);
            _promptTokens += call.Reply?.PromptTokens ?? 0;
            _completionTokens += call.Reply?.CompletionTokens ?? 0;
            if (call.Reply is { } reply && !(reply.CreatedAt <= LastReply))
            {
                LastReply = reply.CreatedAt;
            }
        }
    }

    /// <summary>The first incomplete pairs with their reasons, in words.</summary>
    internal string Examples() => string.Join("; ", _incomplete.Select(i => Example(i.ItemId, i.Reason)));

    internal static string Example(string itemId, string reason) => $"item {itemId}: {reason}";

    /// <summary>How the pairs came out, in counts.</summary>
    internal static JsonObject Pairs(ComparisonStatistics statistics) => new()
    {
        ["pairs"] = statistics.Attempted,
        ["complete"] = statistics.N,
        ["incomplete"] = statistics.FailedTotal,
        ["wins"] = statistics.Wins,
        ["ties"] = statistics.Ties.Total,
        ["losses"] = statistics.Losses,
    };

    internal static JsonObject Judgments(int judged, int unparsed, int failed, int askedAgain) => new()
    {
        ["judged"] = judged,
        ["unparsed"] = unparsed,
        ["failed"] = failed,
        ["asked_again"] = askedAgain,
    };

    internal EvaluateSummary Summary(ComparisonStatistics statistics) =>
        new(statistics, _judged, _unparsed, _failed, _askedAgain, _promptTokens, _completionTokens);

    internal JsonObject ToJson(ComparisonStatistics statistics)
    {
        var summary = Pairs(statistics);
        summary["judgments"] = Judgments(_judged, _unparsed, _failed, _askedAgain);
        summary["prompt_tokens"] = _promptTokens;
        summary["completion_tokens"] = _completionTokens;
        return summary;
    }
}
