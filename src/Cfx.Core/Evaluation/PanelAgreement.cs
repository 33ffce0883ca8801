using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>How far several judges agree on the same pairs, both orders combined: model1, tie, model2.</summary>
internal sealed class PanelAgreement(IReadOnlyList<string> judges)
{
    private const double Confidence = ComparisonStatistics.Confidence;
    private readonly FleissKappa _fleiss = new(3);
    private readonly ConversationItems<bool> _unanimous = new();
    private readonly Dictionary<(int, int), ConversationItems<(int One, int Other)>> _pairs = [];

    /// <param name="conversation">Where the pair is from.</param>
    /// <param name="outcomes">One a judge; incomplete ones do not vote.</param>
    internal void Add(string conversation, IReadOnlyList<OutcomeKind> outcomes)
    {
        var votes = new int[3];
        foreach (var outcome in outcomes.Where(o => o != OutcomeKind.Incomplete))
        {
            votes[Column(outcome)]++;
        }

        _fleiss.Add(votes, conversation);
        if (votes.Sum() == judges.Count)
        {
            _unanimous.Add(conversation, votes.Max() == judges.Count);
        }

        for (var i = 0; i < judges.Count; i++)
        {
            for (var j = i + 1; j < judges.Count; j++)
            {
                if (outcomes[i] != OutcomeKind.Incomplete && outcomes[j] != OutcomeKind.Incomplete)
                {
                    Between(i, j).Add(conversation, (Column(outcomes[i]), Column(outcomes[j])));
                }
            }
        }
    }

    /// <summary>The figures so far.</summary>
    internal PanelAgreementResult Estimate()
    {
        var pairs = new List<JudgePairAgreement>();
        for (var i = 0; i < judges.Count; i++)
        {
            for (var j = i + 1; j < judges.Count; j++)
            {
                pairs.Add(new JudgePairAgreement(judges[i], judges[j], VerdictAgreement.From(Between(i, j), Confidence)));
            }
        }

        long complete = _unanimous.All.Count(), unanimous = _unanimous.All.Count(alike => alike);
        return new PanelAgreementResult(
            complete,
            unanimous,
            _unanimous.IsClustered
                ? ClusteredShare.Of(ClusterSums.OfShares(_unanimous.Grouped(), g => g.Count(alike => alike), g => g.Count), Confidence)
                : Wilson.For(unanimous, complete, Confidence),
            judges.Count > 2 ? _fleiss.Estimate(Confidence) : null,
            pairs);
    }

    internal JsonObject ToJson() => Estimate().ToJson();

    private ConversationItems<(int One, int Other)> Between(int one, int other) =>
        _pairs.TryGetValue((one, other), out var known) ? known : _pairs[(one, other)] = new();

    private static int Column(OutcomeKind outcome) => outcome switch
    {
        OutcomeKind.Win => 0,
        OutcomeKind.Tie => 1,
        _ => 2,
    };
}
