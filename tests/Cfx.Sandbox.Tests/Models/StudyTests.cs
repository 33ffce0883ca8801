using Cfx.Core.Conversations;
using Cfx.Sandbox.Models;

namespace Cfx.Sandbox.Tests.Models;

/// <summary>
/// The comparison study in small, on the project's own conversations, with the sandbox's models as served: pooled over seeded splits that
/// played no part in choosing any setting.
/// </summary>
public sealed class StudyTests
{
    private const ulong FirstSeed = 11;
    private const int Splits = 5;
    private const double TestShare = 0.31;

    private static readonly Lazy<IReadOnlyList<LikedAndDisliked>> Items = new(LikedAndDisliked.Load);
    private static readonly Lazy<Dictionary<string, (int Wins, int Losses)>> Outcomes = new(RunAll);

    [Test]
    public void The_judge_scores_liked_answers_above_disliked_ones()
    {
        var liked = Items.Value.Where(item => item.IsLiked).Select(item => Given.Reward.Score(item.Context, item.Answer)).ToList();
        var disliked = Items.Value.Where(item => !item.IsLiked).Select(item => Given.Reward.Score(item.Context, item.Answer)).ToList();

        var area = liked.Average(high => disliked.Average(low => high > low ? 1.0 : high == low ? 0.5 : 0));

        TestContext.Out.WriteLine($"area under the curve {area:F3}, {liked.Count} liked, {disliked.Count} disliked");
        // Chance is 0.5 with a standard error of about 0.035 at this many answers.
        Assert.That(area, Is.GreaterThan(0.62));
    }

    [TestCase("feedback")]
    [TestCase("alternative")]
    public void A_model_tuned_on_improved_answers_beats_its_base(string arm) => Assert.That(Lead($"{arm} against base"), Is.GreaterThan(2));

    [Test]
    public void Feedback_has_an_advantage_that_is_lost_when_it_is_shuffled_between_items()
    {
        Assert.That(Lead("feedback against alternative"), Is.GreaterThan(2));
        Assert.That(Lead("shuffled feedback against alternative"), Is.LessThan(2));
    }

    [Test]
    public void The_same_answers_given_to_other_questions_do_not_beat_the_base() =>
        Assert.That(Lead("misplaced against base"), Is.LessThan(2));

    [Test]
    public void Without_learning_every_arm_answers_like_its_base()
    {
        var arm = Tune(Items.Value.Where(item => item.IsLiked).Select(item => (item, item.Answer)), rate: 0);

        foreach (var item in Items.Value.Where(item => !item.IsLiked).Take(60))
        {
            Assert.That(Say(arm, item.Context, 0.7), Is.EqualTo(Say(Given.Small, item.Context, 0.7)));
        }
    }

    // How many standard errors of a fair coin wins are ahead of losses.
    private static double Lead(string comparison)
    {
        var (wins, losses) = Outcomes.Value[comparison];
        TestContext.Out.WriteLine($"{comparison} {wins}:{losses}");
        return (wins - losses) / Math.Sqrt(Math.Max(1, wins + losses));
    }

    private static Dictionary<string, (int Wins, int Losses)> RunAll()
    {
        var total = new Dictionary<string, (int Wins, int Losses)>(StringComparer.Ordinal);
        for (var seed = FirstSeed; seed < FirstSeed + Splits; seed++)
        {
            foreach (var (name, wins, losses) in Run(seed))
            {
                var sum = total.GetValueOrDefault(name);
                total[name] = (sum.Wins + wins, sum.Losses + losses);
            }
        }

        return total;
    }

    private static IEnumerable<(string Name, int Wins, int Losses)> Run(ulong seed)
    {
        var order = Items.Value.ToArray();
        new SplitMix64(seed).Shuffle(order);
        var test = order[..(int)(order.Length * TestShare)];
        var training = order[test.Length..];
        var disliked = training.Where(item => !item.IsLiked).ToArray();
        List<(LikedAndDisliked Item, string Answer)> liked = [.. training.Where(item => item.IsLiked).Select(item => (item, item.Answer))];
        List<(LikedAndDisliked Item, string Answer)> feedback = [.. liked], alternative = [.. liked], shuffled = [.. liked];
        for (var i = 0; i < disliked.Length; i++)
        {
            var item = disliked[i];
            var own = Rewrite(item, item.Feedback);
            if (own != "N/A")
            {
                // What one method cannot improve is left out of both.
                feedback.Add((item, own));
                alternative.Add((item, Say(Given.Large, item.Context, 0.3)));
            }

            var others = Rewrite(item, disliked[(i + (disliked.Length / 2)) % disliked.Length].Feedback);
            if (others != "N/A")
            {
                shuffled.Add((item, others));
            }
        }

        var misplaced = feedback.Select((example, i) => (example.Item, feedback[(i + (feedback.Count / 2)) % feedback.Count].Answer));
        var answers = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["base"] = Answers(Given.Small, test),
            ["feedback"] = Answers(Tune(feedback), test),
            ["alternative"] = Answers(Tune(alternative), test),
            ["shuffled feedback"] = Answers(Tune(shuffled), test),
            ["misplaced"] = Answers(Tune(misplaced), test),
        };
        foreach (var (first, second) in new[]
        {
            ("feedback", "base"), ("alternative", "base"), ("feedback", "alternative"), ("shuffled feedback", "alternative"), ("misplaced", "base"),
        })
        {
            int wins = 0, losses = 0;
            for (var i = 0; i < test.Length; i++)
            {
                var forward = Verdict(test[i], answers[first][i], answers[second][i]);
                var backward = Verdict(test[i], answers[second][i], answers[first][i]);
                wins += forward == 'A' && backward == 'B' ? 1 : 0;
                losses += forward == 'B' && backward == 'A' ? 1 : 0;
            }

            yield return ($"{first} against {second}", wins, losses);
        }
    }

    private static ResponseModel Tune(IEnumerable<(LikedAndDisliked Item, string Answer)> examples, double rate = TuningSettings.DefaultLearningRate) =>
        Given.Finished(
            Given.Small,
            examples.Select(example => new TuningExample(
                [.. example.Item.Context, Given.Assistant(example.Answer)], [.. example.Item.Context.Select(_ => 0), 1])),
            new TuningSettings(LearningRate: rate)).ToModel();

    private static string[] Answers(ResponseModel model, LikedAndDisliked[] test) => Array.ConvertAll(test, item => Say(model, item.Context, 0.7));

    private static string Say(ResponseModel model, IReadOnlyList<Message> context, double temperature) =>
        SandboxChatEngine.Complete(Given.Model(model), context, temperature, 0.9, 1000, null).Text;

    private static string Rewrite(LikedAndDisliked item, string feedback) =>
        Say(Given.Large, [Given.User(Conversation(item) + Given.Section("answer", item.Answer) + Given.Section("feedback", feedback))], 0.3);

    private static char Verdict(LikedAndDisliked item, string first, string second)
    {
        var request = Conversation(item) + Given.Section("answer_a", first) + Given.Section("answer_b", second);
        var text = SandboxChatEngine.Complete(Given.Model(Given.Large, new JudgeSettings()), [Given.User(request)], 0, 1, 1000, null).Text;
        return text[text.IndexOf("[[", StringComparison.Ordinal) + 2];
    }

    private static string Conversation(LikedAndDisliked item) =>
        Given.Section("conversation", string.Join('\n', item.Context.Select(turn => $"[{turn.Role}]\n{turn.Content}")));
}
