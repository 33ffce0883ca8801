using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Verification;

/// <summary>Counts what an evaluation file's summary tells.</summary>
internal sealed class RowCounts
{
    private readonly List<string> _incomplete = [];
    private int _judged;
    private int _unparsed;
    private int _failed;
    private int _askedAgain;

    /// <summary>The first incomplete pairs in words.</summary>
    public string Examples => string.Join("; ", _incomplete);

    public void Add(JsonObject row, RowCheck check)
    {
        if (check.Cause is not null && _incomplete.Count < EvaluateCounts.ExamplesShown)
        {
            _incomplete.Add(EvaluateCounts.Example(RecordFields.Text(row, "item_id") ?? string.Empty, RecordFields.Text(row, "reason") ?? string.Empty));
        }

        foreach (var judgment in (row["judgments"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var status = RecordFields.Text(judgment, "status");
            _judged += status == Judgment.Judged ? 1 : 0;
            _unparsed += status == Judgment.Unparsed ? 1 : 0;
            _failed += status == Judgment.Failed ? 1 : 0;
            _askedAgain += RecordFields.Text(judgment, "attempts") is { } attempts && attempts != "1" ? 1 : 0;
        }
    }

    /// <summary>What the summary must say; tokens are not in the judgments.</summary>
    public JsonObject Summary(ComparisonStatistics statistics, int? judges)
    {
        var summary = EvaluateCounts.Pairs(statistics);
        if (judges is { } count)
        {
            summary["judges"] = count;
        }
        else
        {
            summary["judgments"] = EvaluateCounts.Judgments(_judged, _unparsed, _failed, _askedAgain);
        }

        return summary;
    }
}
