using System.Text.RegularExpressions;

namespace Cfx.Core.Evaluation;

/// <summary>Finds a judge's verdict in its reply.</summary>
/// <remarks>A verdict is accepted when exactly one distinct one of [[A]], [[B]] and [[TIE]] stands in the reply, once or repeated. With two
/// of them there is no telling which was meant. A and B must be capitals, since [[a]] and [[b]] are code in several languages; the tie may
/// be written in any case. [A], [[ A ]], [[C]] and the like are no verdicts.</remarks>
public static partial class VerdictParser
{
    /// <returns>The verdict; null when there is none or more than one.</returns>
    public static Verdict? Parse(string reply)
    {
        Verdict? found = null;
        foreach (Match match in Token().Matches(reply))
        {
            Verdict verdict = match.ValueSpan switch
            {
                "[[A]]" => Verdict.A,
                "[[B]]" => Verdict.B,
                _ => Verdict.Tie,
            };
            if (found is not null && found != verdict)
            {
                return null;
            }

            found = verdict;
        }

        return found;
    }

    [GeneratedRegex(@"\[\[(?:A|B|[Tt][Ii][Ee])\]\]")]
    private static partial Regex Token();
}
