using Cfx.Core.Statistics;

namespace Cfx.Core.Auditing;

/// <summary>What came of reading people's verdicts.</summary>
/// <param name="Agreement">With the judge, over all comparisons.</param>
/// <param name="Judged">Rows that people judged.</param>
/// <param name="Stale">Evaluation files that are no longer those that the judge's outcomes in the key are from.</param>
/// <param name="AreTextsChecked">Whether the key told which texts belong to each row; one of an earlier version does not.</param>
public sealed record BlindReading(VerdictAgreementResult Agreement, int Judged, IReadOnlyList<string> Stale, bool AreTextsChecked)
{
    /// <summary>Sentences that a reader must know; none when all is well.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Stale.Count > 0)
        {
            yield return $"The judge's outcomes are those of the day on which the sheet was made; since then {string.Join(", ", Stale)} changed or went. They are not those of the present analysis.";
        }

        if (!AreTextsChecked)
        {
            yield return "The key is of an earlier version and does not tell which texts belong to each row, so verdicts were matched by row ids alone.";
        }
    }
}
