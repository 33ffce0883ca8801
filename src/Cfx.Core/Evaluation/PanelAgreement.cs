using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>How far several judges agree on the same pairs, both orders combined: model1, tie, model2.</summary>
internal sealed class PanelAgreement(IReadOnlyList<string> judges)
{
    private const double Confidence = ComparisonStatistics.Confidence;
    private readonly FleissKappa _fleiss = new(3);
    private readonly long[,][,] _pairs = Tables(judges.Count);
    private long _unanimous;
    private long _complete;

    /// <param name="outcomes">One a judge; incomplete ones do not vote.</param>
    internal void Add(IReadOnlyList<OutcomeKind> outcomes)
    {
        var votes = new int[3];
        foreach (var outcome in outcomes.Where(o => o != OutcomeKind.Incomplete))
        {
            votes[Column(outcome)]++;
        }

        _fleiss.Add(votes);
        if (votes.Sum() == judges.Count)
        {
            _complete++;
            _unanimous += votes.Max() == judges.Count ? 1 : 0;
        }

        for (var i = 0; i < judges.Count; i++)
        {
            for (var j = i + 1; j < judges.Count; j++)
            {
                if (outcomes[i] != OutcomeKind.Incomplete && outcomes[j] != OutcomeKind.Incomplete)
                {
                    _pairs[i, j][Column(outcomes[i]), Column(outcomes[j])]++;
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
                pairs.Add(new JudgePairAgreement(judges[i], judges[j], VerdictAgreement.From(_pairs[i, j], Confidence)));
            }
        }

        return new PanelAgreementResult(_complete, _unanimous, Wilson.For(_unanimous, _complete, Confidence), judges.Count > 2 ? _fleiss.Estimate(Confidence) : null, pairs);
    }

    internal JsonObject ToJson() => Estimate().ToJson();

    private static int Column(OutcomeKind outcome) => outcome switch
    {
        OutcomeKind.Win => 0,
        OutcomeKind.Tie => 1,
        _ => 2,
    };

    private static long[,][,] Tables(int judges)
    {
        var tables = new long[judges, judges][,];
        for (var i = 0; i < judges; i++)
        {
            for (var j = 0; j < judges; j++)
            {
                tables[i, j] = new long[3, 3];
            }
        }

        return tables;
    }
}
