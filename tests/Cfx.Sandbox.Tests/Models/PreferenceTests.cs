using Cfx.Core.Conversations;
using Cfx.Sandbox.Models;

namespace Cfx.Sandbox.Tests.Models;

public sealed class PreferenceTests
{
    private static readonly TuningSettings Settings = new(Epochs: 6, LoraRank: null, PreferenceBeta: 0.1);

    [Test]
    public void Preferences_are_learned_and_held_out_ones_too([Values] bool full)
    {
        var (learn, held) = Pairs();
        var settings = Settings with { LoraRank = full ? null : 8 };
        var start = new FineTuningRun(Given.Small, learn, held, settings);
        var (trainingBefore, heldBefore) = (start.MeasureTrainingLoss()!.Value, start.MeasureValidationLoss()!.Value);
        var run = Given.Finished(Given.Small, learn, settings, held);

        // Before training the model is its own reference, and prefers nothing.
        Assert.That((trainingBefore, heldBefore), Is.EqualTo((Math.Log(2), Math.Log(2))).Within(1e-9));
        Assert.That(run.MeasureTrainingLoss(), Is.LessThan(0.6 * trainingBefore));
        Assert.That(run.MeasureValidationLoss(), full ? Is.LessThan(heldBefore) : Is.LessThan(heldBefore + 0.05));
    }

    [Test]
    public void A_preferred_answer_comes_to_be_given_and_a_rejected_one_never()
    {
        var (learn, _) = Pairs();
        var model = Given.Finished(Given.Small, learn, Settings).ToModel();
        var offered = model.Rank([Given.User("x")], int.MaxValue).Select(answer => answer.Text).ToHashSet(StringComparer.Ordinal);
        var known = Given.Small.Rank([Given.User("x")], int.MaxValue).Select(answer => answer.Text).ToHashSet(StringComparer.Ordinal);

        Assert.That(learn.Select(example => example.Messages[^1].Content.Trim()), Is.SubsetOf(offered));
        Assert.That(learn.Select(example => example.Rejected!.Trim()).Where(offered.Contains), Is.SubsetOf(known));
    }

    [Test]
    public void Learning_rate_0_leaves_the_base([Values] bool full)
    {
        var (learn, _) = Pairs();
        var run = Given.Finished(Given.Small, learn, Settings with { LearningRate = 0, LoraRank = full ? null : 8 });

        Assert.That(run.CountChangedParameters(), Is.Zero);
        Assert.That(run.MeasureTrainingLoss(), Is.EqualTo(Math.Log(2)).Within(1e-9));
        Assert.That(Given.Say(run.ToModel(), learn[0].Messages[0].Content), Is.EqualTo(Given.Say(Given.Small, learn[0].Messages[0].Content)));
    }

    [Test]
    public void A_smaller_beta_lets_the_model_go_further_from_its_base()
    {
        var (learn, _) = Pairs();
        double Distance(double beta)
        {
            var run = Given.Finished(Given.Small, learn, Settings with { PreferenceBeta = beta });

            // The loss tells the mean of β·margin; a convex function of it, which for equal margins is exact.
            return -Math.Log(Math.Exp(run.MeasureTrainingLoss()!.Value) - 1) / beta;
        }

        Assert.That(Distance(0.02), Is.GreaterThan(Distance(2)));
    }

    [Test]
    public void A_saved_run_goes_on_to_the_same_model()
    {
        var (learn, _) = Pairs();
        var whole = Given.Finished(Given.Small, learn, Settings).ToModel();
        var first = new FineTuningRun(Given.Small, learn, [], Settings);
        first.RunEpoch(null, CancellationToken.None);
        var second = new FineTuningRun(Given.Small, learn, [], Settings);
        second.Restore(new MemoryStream(Given.Bytes(first.Save)));
        while (!second.IsFinished)
        {
            second.RunEpoch(null, CancellationToken.None);
        }

        Assert.That(Given.Bytes(second.ToModel().Save), Is.EqualTo(Given.Bytes(whole.Save)));
    }

    [Test]
    public void Training_from_a_tuned_model_raises_what_that_one_learned()
    {
        var (learn, _) = Pairs();
        var once = Given.Finished(Given.Small, learn, Settings with { Epochs = 1 }).ToModel();
        var twice = new FineTuningRun(once, learn, [], Settings with { Epochs = 1 });
        twice.RunEpoch(null, CancellationToken.None);

        Assert.That(twice.CountChangedParameters(), Is.Positive);
        Assert.That(twice.MeasureTrainingLoss(), Is.LessThan(Math.Log(2)));
        Assert.That(twice.ToModel().CandidateCount, Is.EqualTo(once.CandidateCount));
    }

    private static (List<TuningExample> Learn, List<TuningExample> Held) Pairs()
    {
        var all = Given.Corpus.Preferences
            .Select(item => new TuningExample([new Message(Roles.User, item.Prompt), new Message(Roles.Assistant, item.Better)], [0, 1]) { Rejected = item.Worse })
            .ToList();
        return ([.. all.Where((_, i) => i % 4 != 0)], [.. all.Where((_, i) => i % 4 == 0)]);
    }
}
