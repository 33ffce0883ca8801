using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>Gathers what each of several judges said, from the rows that the comparison counts: a row that is left out of it is left out here.</summary>
internal sealed class PanelEvidence
{
    private readonly List<string> _judges = [];
    private readonly List<ComparisonTally> _tallies = [];
    private readonly List<(string Conversation, IncompleteCause? Cause)> _unjudged = [];
    private PanelAgreement? _agreement;

    internal void Add(EvaluationRow row, string conversation)
    {
        if (row.Votes.Count > 0 && _agreement is null)
        {
            Begin([.. row.Votes.Select(v => v.Judge)]);
        }

        if (_agreement is null)
        {
            // Who judges is not known before the first row that was judged.
            _unjudged.Add((conversation, row.Cause));
            return;
        }

        var outcomes = _judges.ConvertAll(judge => row.Votes.FirstOrDefault(v => v.Judge == judge) is { } vote
            ? PairOutcome.Combine(vote.Normal, vote.Reversed)
            : new PairOutcome(OutcomeKind.Incomplete));
        _agreement.Add(conversation, outcomes.ConvertAll(o => o.Outcome));
        for (var i = 0; i < outcomes.Count; i++)
        {
            _tallies[i].Add(conversation, outcomes[i], row.Votes.Count == 0 ? row.Cause : null);
        }
    }

    /// <param name="planned">Comparisons of the study.</param>
    /// <returns>Null where one judge judged.</returns>
    internal PanelFindings? Estimate(int planned) => _agreement is null || _judges.Count < 2 ? null
        : new PanelFindings([.. _judges.Select((judge, i) => new JudgeFigures(judge, _tallies[i].Estimate(planned)))], _agreement.Estimate());

    private void Begin(IReadOnlyList<string> judges)
    {
        _judges.AddRange(judges);
        _tallies.AddRange(judges.Select(_ => new ComparisonTally()));
        _agreement = new PanelAgreement(judges);
        foreach (var (conversation, cause) in _unjudged)
        {
            _tallies.ForEach(t => t.Add(conversation, new PairOutcome(OutcomeKind.Incomplete), cause));
        }

        _unjudged.Clear();
    }
}
