using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>Compares two answers by their rewards and says why in words of its own, so that nothing an answer says gets into the verdict.</summary>
internal static class Judge
{
    /// <summary>A short explanation and exactly one of <c>[[A]]</c>, <c>[[B]]</c>, <c>[[TIE]]</c>.</summary>
    public static string Compare(
        RewardModel reward, JudgeSettings settings, IReadOnlyList<Message> conversation, string answerA, string answerB, SplitMix64 random)
    {
        var context = reward.Read(conversation);
        var first = reward.Score(context, answerA);
        var second = reward.Score(context, answerB);
        var difference = first - second + settings.PositionBias + (settings.Noise * random.NextNormal());
        if (Math.Abs(difference) <= settings.TieMargin)
        {
            return "Both answers serve the user about equally well; what one has more of in one respect, the other makes up for elsewhere. [[TIE]]";
        }

        var (winner, loser) = difference > 0 ? ("A", "B") : ("B", "A");
        var reasons = reward.Reasons(context, difference > 0 ? answerA : answerB, difference > 0 ? answerB : answerA);
        var strength = Math.Abs(difference) > 1 ? "clearly better" : "somewhat better";
        var why = reasons.Count == 0 ? "on the whole it serves the user better" : string.Join(" and ", reasons);
        return $"Answer {winner} is {strength} than answer {loser}: {why}. [[{winner}]]";
    }
}
