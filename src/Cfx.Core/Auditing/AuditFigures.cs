using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Auditing;

/// <summary>Counts an audit's pairs and says what they mean.</summary>
/// <param name="judge">The judge's model.</param>
/// <param name="generator">The model that wrote the other answers.</param>
internal sealed class AuditFigures(string judge, string generator)
{
    /// <summary>The version of audit.json's layout; from 2 on it holds the judge's words, from 3 on each pair's conversation.</summary>
    internal const int SchemaVersion = 3;

    private const double Confidence = ComparisonStatistics.Confidence;
    private const double ManyIncomplete = EvaluateOptions.UsualWarnFailureRate;

    private readonly long[,] _counts = new long[2, 4];
    private readonly ConversationItems<FeedbackVerdict> _preferred = new();
    private readonly ConversationItems<(Verdict Normal, Verdict Reversed)> _slots = new();
    private readonly ConversationItems<(int, int)> _repeats = new();
    private readonly JsonArray _pairs = [];
    private int _asked;
    private int _failed;
    private long _promptTokens;
    private long _completionTokens;
    private DateTimeOffset? _lastReply;

    /// <summary>Contexts of liked answers for which no other whole answer was had.</summary>
    internal int UnusableAlternatives { get; set; }

    /// <summary>The hashes of what the pairs are from, so that a report can tell whether the study still has it.</summary>
    internal JsonObject? Inputs { get; set; }

    internal void Observe(ChatCall call)
    {
        _failed += call.Status == ChatCall.Failed ? 1 : 0;
        _promptTokens += call.Reply?.PromptTokens ?? 0;
        _completionTokens += call.Reply?.CompletionTokens ?? 0;
        if (call.Reply is { } reply && !(reply.CreatedAt <= _lastReply))
        {
            _lastReply = reply.CreatedAt;
        }
    }

    internal void Add(AuditPair pair, PairResult result, Judgment? again) =>
        Add(pair.ItemId, pair.Context.ConversationId, pair.Context.Category, pair.IsLiked, result.Judgments, again);

    /// <param name="itemId">The item.</param>
    /// <param name="conversationId">Where it is from.</param>
    /// <param name="category">The feedback's category.</param>
    /// <param name="isLiked">Whether it was positive.</param>
    /// <param name="judgments">In both orders.</param>
    /// <param name="again">In the normal order a second time; null where it was not asked for.</param>
    internal void Add(string itemId, string conversationId, string? category, bool isLiked, IReadOnlyList<Judgment> judgments, Judgment? again)
    {
        var group = isLiked ? 1 : 0;
        Verdict? normal = Verdict(judgments, EvaluationWords.Normal), reversed = Verdict(judgments, EvaluationWords.Reversed);
        var combined = PairOutcome.Combine(normal, reversed);
        var outcome = combined.Outcome;
        _counts[group, (int)outcome]++;
        if (normal is { } one && reversed is { } other && combined.StrictScore is { } score)
        {
            _slots.Add(conversationId, (one, other));
            _preferred.Add(conversationId, new FeedbackVerdict(isLiked, score));
        }

        if (again is not null)
        {
            _asked++;
            if (normal is { } first && again.Verdict is { } second)
            {
                _repeats.Add(conversationId, (Column(first), Column(second)));
            }
        }

        var json = new JsonObject
        {
            ["item_id"] = itemId,
            ["conversation_id"] = conversationId,
            ["category"] = category,
            ["feedback"] = isLiked ? AuditStage.Positive : AuditStage.Negative,
            ["normal"] = EvaluationWords.Of(normal),
            ["reversed"] = EvaluationWords.Of(reversed),
            ["preferred"] = outcome switch { OutcomeKind.Win => AuditStage.New, OutcomeKind.Loss => AuditStage.Original, OutcomeKind.Tie => "tie", _ => null },
        };
        if (again is not null)
        {
            json["again"] = EvaluationWords.Of(again.Verdict);
        }

        json["judgments"] = new JsonArray([.. judgments.Select(j => j.ToJson())]);
        if (again is not null)
        {
            json["judgment_again"] = again.ToJson();
        }

        _pairs.Add((JsonNode)json);
    }

    internal AuditSummary Summary() => new(Agreement(), Reliability(), _failed, _promptTokens, _completionTokens);

    /// <summary>What the figures say, in a sentence.</summary>
    internal string Reading()
    {
        var agreement = Agreement();
        return agreement switch
        {
            { Difference: null } => "The judge could not be held against the users: there is no judged pair of one of the two kinds.",
            { IsShown: true, Difference: > 0 } => FormattableString.Invariant(
                $"The judge sides with the users: it prefers the new answer {agreement.Difference * 100:0.0} points more often where they disliked the original than where they liked it."),
            { IsShown: true, Difference: < 0 } => FormattableString.Invariant(
                $"The judge sides against the users: it prefers the new answer {-agreement.Difference * 100:0.0} points less often where they disliked the original than where they liked it."),
            _ => FormattableString.Invariant(
                $"Whether the judge sides with the users is open: it prefers the new answer {agreement.Difference * 100:0.0} points more often where they disliked the original, which could be chance."),
        };
    }

    internal JsonObject ToJson(AuditOptions options)
    {
        var json = new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["provider"] = options.Provider,
            ["judge"] = new JsonObject { ["model"] = options.Judge.Model, ["temperature"] = options.Judge.Temperature, ["max_tokens"] = options.Judge.MaxTokens },
            ["generator"] = new JsonObject { ["model"] = options.Generator.Model, ["temperature"] = options.Generator.Temperature, ["top_p"] = options.Generator.TopP, ["max_tokens"] = options.Generator.MaxTokens, ["provider"] = options.GeneratorProvider },
            ["prompts"] = new JsonObject { ["judge"] = options.Prompts.Judge.ContentHash, ["judge_reminder"] = options.Prompts.Reminder.ContentHash },
            ["inputs"] = Inputs,
            ["seed"] = options.Seed,
            ["size"] = options.Size,
            ["last_reply_at"] = _lastReply is { } time ? Timestamps.Format(time) : null,
        };
        foreach (var (name, value) in Figures())
        {
            json[name] = value?.DeepClone();
        }

        json["pairs"] = _pairs.DeepClone();
        return json;
    }

    /// <summary>All that the judgments give, by the file's names.</summary>
    internal JsonObject Figures()
    {
        var agreement = Agreement();
        return new JsonObject
        {
            ["reading"] = Reading(),
            ["negative"] = Group(0, agreement.Negative),
            ["positive"] = Group(1, agreement.Positive),
            ["unusable_alternatives"] = UnusableAlternatives,
            ["agreement"] = new JsonObject
            {
                ["difference"] = agreement.Difference,
                ["se"] = agreement.StandardError,
                ["ci95"] = AgreementJson.Of(agreement.Interval),
                ["p"] = agreement.PValue,
                ["decisive"] = AgreementJson.Of(agreement.Decisive),
            },
            ["order"] = Order(Reliability()),
            ["repeat"] = Repeat(),
            ["warnings"] = new JsonArray([.. Warnings(agreement).Select(w => (JsonNode)w)]),
        };
    }

    private IEnumerable<string> Warnings(FeedbackAgreementResult agreement)
    {
        if (agreement is not { IsShown: true, Difference: > 0 })
        {
            yield return Reading();
        }

        var incomplete = _counts[0, (int)OutcomeKind.Incomplete] + _counts[1, (int)OutcomeKind.Incomplete];
        if (incomplete > ManyIncomplete * _pairs.Count)
        {
            yield return FormattableString.Invariant($"{incomplete} of {_pairs.Count} pairs got no verdict in one order or both and are outside the figures.");
        }

        if (Reliability() is { N: > 0, IsLow: true } low)
        {
            // Where nearly all verdicts are alike, kappa is low though the orders agree.
            yield return low.IsInconsistent
                ? FormattableString.Invariant($"The judge held to its verdict in both orders for only {low.Consistency * 100:0} % of the pairs.")
                : FormattableString.Invariant($"The judge's two orders agree little more than chance would have it (kappa {low.OrderKappa.Kappa:0.00}).");
        }

        foreach (var warning in ModelFamily.Warnings(judge, [("the generator of the answers", generator)]))
        {
            yield return warning;
        }
    }

    private JsonObject Group(int group, HalfCreditResult rate) => new()
    {
        ["pairs"] = rate.N + _counts[group, (int)OutcomeKind.Incomplete],
        ["complete"] = rate.N,
        ["new_preferred"] = _counts[group, (int)OutcomeKind.Win],
        ["ties"] = _counts[group, (int)OutcomeKind.Tie],
        ["original_preferred"] = _counts[group, (int)OutcomeKind.Loss],
        ["rate"] = rate.H,
        ["ci95"] = rate.H is null ? null : AgreementJson.Of(rate.Interval),
    };

    private static JsonObject Order(JudgeReliabilityResult order) => new()
    {
        ["n"] = order.N,
        ["consistency"] = order.Consistency,
        ["consistency_ci95"] = AgreementJson.Of(order.ConsistencyInterval),
        ["flip_rate"] = order.FlipRate,
        ["flip_ci95"] = AgreementJson.Of(order.FlipInterval),
        ["first_slot_share"] = order.FirstSlotShare,
        ["first_slot_bias"] = order.FirstSlotBias,
        ["first_slot_bias_ci95"] = AgreementJson.Of(order.FirstSlotBiasInterval),
        ["flip_direction_p"] = order.FlipDirection.PValue,
        ["kappa"] = order.OrderKappa.Kappa,
        ["kappa_ci95"] = AgreementJson.Of(order.OrderKappa.Interval),
    };

    private JsonObject Repeat()
    {
        var repeat = VerdictAgreement.From(_repeats, Confidence);
        var json = AgreementJson.Of(repeat);
        json.Insert(0, "asked", _asked);
        json["noise"] = 1 - repeat.Kappa.Agreement;
        json["noise_ci95"] = repeat.Kappa.N == 0 ? null : AgreementJson.Of(repeat.AgreementInterval.Complement());
        return json;
    }

    private JudgeReliabilityResult Reliability() => JudgeReliability.From(_slots, Confidence);

    private FeedbackAgreementResult Agreement() => FeedbackAgreement.From(_preferred, Confidence);

    private static int Column(Verdict verdict) => verdict switch
    {
        Evaluation.Verdict.A => 0,
        Evaluation.Verdict.Tie => 1,
        _ => 2,
    };

    private static Verdict? Verdict(IReadOnlyList<Judgment> judgments, string order) => judgments.FirstOrDefault(j => j.Order == order)?.Verdict;
}
