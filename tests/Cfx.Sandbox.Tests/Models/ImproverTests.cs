using Cfx.Sandbox.Models;

namespace Cfx.Sandbox.Tests.Models;

public sealed class ImproverTests
{
    private const string Question = "Which way does the left pedal of my bicycle unscrew?";
    private const string Wrong = "Like all threads, it loosens anticlockwise. Use a 15 mm spanner. Turn with force. Mind your knuckles on the chainring.";

    [Test]
    public void A_correction_enters_the_answer() =>
        Assert.That(
            Rewrite(Question, Wrong, "Wrong, the left pedal has a left-hand thread, so it loosens clockwise. Correct that line."),
            Does.Contain("left pedal has a left-hand thread, so it loosens clockwise").And.Not.Contain("Correct that line"));

    [TestCase("We are twelve! The left pedal has a left-hand thread and loosens clockwise.", "twelve")]
    [TestCase("I gave you the make and the year. The left pedal has a left-hand thread and loosens clockwise.", "make and the year")]
    [TestCase("Bought a spanner because of the same advice. The left pedal has a left-hand thread and loosens clockwise.", "advice")]
    public void Complaints_stay_out_of_the_answer(string feedback, string complaint) =>
        Assert.That(Rewrite(Question, Wrong, feedback), Does.Contain("left-hand thread").And.Not.Contain(complaint));

    [Test]
    public void Bullets_are_given_when_asked_for() =>
        Assert.That(Rewrite(Question, Wrong, "Please make that a bullet list."), Does.Match(@"\A- .+\n- "));

    [Test]
    public void Steps_are_given_when_asked_for() =>
        Assert.That(Rewrite(Question, Wrong, "I need numbered steps."), Does.Match(@"\A1\. .+\n2\. "));

    [Test]
    public void A_table_is_given_when_asked_for() =>
        Assert.That(Rewrite(Question, Wrong, "Turn this into a table with two columns."), Does.Match(@"\A\|.+\|\n\| --- \|"));

    [Test]
    public void One_sentence_is_one_sentence() =>
        Assert.That(AnswerShape.Sentences(Rewrite(Question, Wrong, "Too much. One sentence please!")), Has.Count.EqualTo(1));

    [Test]
    public void Shorter_is_shorter() =>
        Assert.That(Rewrite(Question, Wrong, "Much too long, keep it short."), Has.Length.LessThan(Wrong.Length));

    [Test]
    public void Feedback_that_says_nothing_about_a_good_answer_is_declined()
    {
        var pair = Given.Corpus.Pairs[2];

        Assert.That(Rewrite(pair.Prompt, pair.Answer, "???"), Is.EqualTo("N/A"));
    }

    [Test]
    public void A_disliked_answer_is_never_given_back()
    {
        foreach (var pair in Given.Corpus.Pairs.Take(60))
        {
            Assert.That(Rewrite(pair.Prompt, pair.Answer, "No, that's not it."), Is.Not.EqualTo(pair.Answer));
        }
    }

    // The worse answer of a preference is disliked and the better one's facts are the feedback: their own, or someone else's.
    [Test]
    public void Feedback_helps_and_shuffled_feedback_does_not()
    {
        var items = Given.Corpus.Preferences;
        int own = 0, shuffled = 0, ownWorse = 0, shuffledWorse = 0;
        for (var i = 0; i < items.Count; i++)
        {
            var plain = Reward(items[i].Prompt, Given.Say(Given.Small, items[i].Prompt));
            Count(Reward(items[i].Prompt, Rewrite(items[i].Prompt, items[i].Worse, Feedback(items[i]), Given.Small)) - plain, ref own, ref ownWorse);
            var other = items[(i + 103) % items.Count];
            Count(Reward(items[i].Prompt, Rewrite(items[i].Prompt, items[i].Worse, Feedback(other), Given.Small)) - plain, ref shuffled, ref shuffledWorse);
        }

        TestContext.Out.WriteLine($"against plain chat: own feedback {own}:{ownWorse}, shuffled {shuffled}:{shuffledWorse}");
        Assert.That(own - ownWorse, Is.GreaterThan(3 * Math.Sqrt(own + ownWorse)));
        Assert.That(shuffled - shuffledWorse, Is.LessThan(2 * Math.Sqrt(shuffled + shuffledWorse)));
    }

    private static string Feedback(CorpusPreference item) => $"Wrong. You should say: {AnswerShape.Sentences(item.Better)[0]}";

    private static double Reward(string prompt, string answer) => Given.Reward.Score([Given.User(prompt)], answer);

    private static void Count(double difference, ref int better, ref int worse)
    {
        better += difference > 0 ? 1 : 0;
        worse += difference < 0 ? 1 : 0;
    }

    private static string Rewrite(string question, string answer, string feedback, ResponseModel? model = null) =>
        Given.Say(model ?? Given.Large, Given.RewriteRequest(question, answer, feedback));
}
