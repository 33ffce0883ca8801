using Cfx.Core;
using Cfx.Sandbox.Models;

namespace Cfx.Sandbox.Tests.Models;

public sealed class FineTuningRunTests
{
    private static readonly TuningSettings Full = new(LoraRank: null);
    private static readonly TuningSettings Lora = new(LoraRank: 8);

    // Answers of subjects that the small model hardly knows, for learning and for measuring.
    private static readonly Lazy<(CorpusPair[] Learn, CorpusPair[] Held)> Unknown = new(() =>
    {
        var known = Given.Small.Rank([Given.User("x")], int.MaxValue).Select(answer => answer.Text).ToHashSet(StringComparer.Ordinal);
        var pairs = Given.Corpus.Pairs.Where(pair => !known.Contains(pair.Answer)).ToArray();
        return ([.. pairs.Where((_, i) => i % 4 != 0)], [.. pairs.Where((_, i) => i % 4 == 0)]);
    });

    [Test]
    public void Training_lowers_validation_loss([Values] bool full)
    {
        var held = Given.Examples(Unknown.Value.Held);
        var settings = full ? Full : Lora;
        var before = new FineTuningRun(Given.Small, [], held, settings).MeasureValidationLoss();

        var after = Given.Finished(Given.Small, Given.Examples(Unknown.Value.Learn), settings, held).MeasureValidationLoss();

        Assert.That(after, Is.LessThan(before!.Value));
    }

    [Test]
    public void Only_messages_of_weight_1_change_the_model()
    {
        var learned = Given.Examples(Unknown.Value.Learn.Take(20));
        var ignored = Unknown.Value.Held.Select(pair => Given.Example(pair.Prompt, pair.Answer, weight: 0)).ToList();

        var without = Given.Finished(Given.Small, learned, Full).ToModel();
        var with = Given.Finished(Given.Small, [.. ignored, .. learned], Full).ToModel();
        var nothing = Given.Finished(Given.Small, ignored, Full);

        Assert.That(Given.Bytes(with.Save), Is.EqualTo(Given.Bytes(without.Save)));
        Assert.That(nothing.CountChangedParameters(), Is.Zero);
        Assert.That(Given.Bytes(nothing.ToModel().Save), Is.EqualTo(Given.Bytes(Given.Small.Save)));
    }

    [Test]
    public void Lora_changes_fewer_parameters_than_full()
    {
        var examples = Given.Examples(Unknown.Value.Learn);

        var lora = Given.Finished(Given.Small, examples, new TuningSettings(LoraRank: TuningSettings.MaximumLoraRank));
        var full = Given.Finished(Given.Small, examples, Full);

        Assert.That(lora.CountChangedParameters(), Is.Positive.And.LessThan(full.CountChangedParameters()));
        Assert.That(lora.TrainableParameters, Is.LessThan(full.TrainableParameters));
    }

    [Test]
    public void Learning_rate_0_leaves_every_answer_as_it_was([Values] bool full)
    {
        var settings = (full ? Full : Lora) with { LearningRate = 0 };
        var tuned = Given.Finished(Given.Small, Given.Examples(Unknown.Value.Learn), settings);

        Assert.That(tuned.CountChangedParameters(), Is.Zero);
        foreach (var pair in Given.Corpus.Pairs)
        {
            Assert.That(Given.Say(tuned.ToModel(), pair.Prompt, 1.2), Is.EqualTo(Given.Say(Given.Small, pair.Prompt, 1.2)));
        }
    }

    [Test]
    public void Good_answers_make_a_better_model_and_shuffled_ones_do_not([Values] bool full)
    {
        var settings = full ? Full : Lora;
        var learn = Unknown.Value.Learn;
        var good = Given.Finished(Given.Small, Given.Examples(learn), settings).ToModel();
        var mixed = learn.Select((pair, i) => Given.Example(pair.Prompt, learn[(i + (learn.Length / 2)) % learn.Length].Answer));
        var shuffled = Given.Finished(Given.Small, mixed, settings).ToModel();

        // Questions nobody trained on: the held-out pairs' and the preferences'.
        var prompts = Unknown.Value.Held.Select(pair => pair.Prompt).Concat(Given.Corpus.Preferences.Select(item => item.Prompt)).ToList();
        var (goodWins, goodLosses) = Against(good, Given.Small, prompts);
        var (shuffledWins, shuffledLosses) = Against(shuffled, Given.Small, prompts);

        TestContext.Out.WriteLine($"good {goodWins}:{goodLosses}, shuffled {shuffledWins}:{shuffledLosses} against the base, of {prompts.Count}");
        // Two standard errors of a fair coin.
        Assert.That(goodWins - goodLosses, Is.GreaterThan(2 * Math.Sqrt(goodWins + goodLosses)));
        Assert.That(shuffledWins - shuffledLosses, Is.LessThan(2 * Math.Sqrt(shuffledWins + shuffledLosses)));
    }

    [Test]
    public void A_run_that_was_interrupted_ends_like_one_that_was_not([Values] bool full)
    {
        var settings = (full ? Full : Lora) with { Epochs = 4, BatchSize = 7, Seed = 5 };
        var examples = Given.Examples(Unknown.Value.Learn.Take(40));
        var whole = Given.Finished(Given.Small, examples, settings);

        var first = new FineTuningRun(Given.Small, examples, [], settings);
        first.RunEpoch(null, CancellationToken.None);
        var saved = Given.Bytes(first.Save);
        var second = new FineTuningRun(Given.Small, examples, [], settings);
        second.Restore(new MemoryStream(saved));
        Assert.That(second.EpochsDone, Is.EqualTo(1));
        while (!second.IsFinished)
        {
            second.RunEpoch(null, CancellationToken.None);
        }

        Assert.That(Given.Bytes(second.ToModel().Save), Is.EqualTo(Given.Bytes(whole.ToModel().Save)));
    }

    [Test]
    public void A_saved_run_of_other_examples_or_settings_is_refused()
    {
        var examples = Given.Examples(Unknown.Value.Learn.Take(20));
        var saved = Given.Bytes(new FineTuningRun(Given.Small, examples, [], Lora).Save);

        var shorter = new FineTuningRun(Given.Small, examples.Take(19), [], Lora);
        var other = new FineTuningRun(Given.Small, examples, [], Lora with { Seed = 9 });

        Assert.That(() => shorter.Restore(new MemoryStream(saved)), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => other.Restore(new MemoryStream(saved)), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Steps_and_evaluations_are_reported_as_asked()
    {
        var steps = new List<TuningStep>();
        var run = new FineTuningRun(
            Given.Small,
            Given.Examples(Unknown.Value.Learn.Take(21)),
            Given.Examples(Unknown.Value.Held.Take(8)),
            new TuningSettings(Epochs: 2, BatchSize: 5, Evaluations: 3));
        while (!run.IsFinished)
        {
            run.RunEpoch(steps.Add, CancellationToken.None);
        }

        Assert.That(steps.Select(step => step.Step), Is.EqualTo(Enumerable.Range(1, 10)));
        Assert.That(steps.Select(step => step.TotalSteps), Is.All.EqualTo(10));
        Assert.That(steps.Count(step => step.ValidationLoss is not null), Is.EqualTo(3));
        Assert.That(steps[^1].ValidationLoss, Is.EqualTo(run.MeasureValidationLoss()));
        Assert.That(steps.Average(step => step.Loss), Is.Positive);
    }

    [Test]
    public void Another_seed_gives_another_order_and_the_same_seed_the_same_model()
    {
        var examples = Given.Examples(Unknown.Value.Learn.Take(40));
        byte[] Train(ulong seed) => Given.Bytes(Given.Finished(Given.Small, examples, Full with { BatchSize = 8, Seed = seed }).ToModel().Save);

        var first = Train(1);
        var again = Train(1);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(Train(2), Is.Not.EqualTo(first));
    }

    [TestCase(0, 0.1, 8, 8)]
    [TestCase(1, -0.1, 8, 8)]
    [TestCase(1, double.NaN, 8, 8)]
    [TestCase(1, 0.1, 33, 8)]
    [TestCase(1, 0.1, 8, 0)]
    public void Settings_out_of_range_are_refused(int epochs, double rate, int batch, int rank) =>
        Assert.That(() => new TuningSettings(epochs, rate, batch, rank).Validate(), Throws.TypeOf<MisuseException>());

    private static (int Wins, int Losses) Against(ResponseModel model, ResponseModel other, IReadOnlyList<string> prompts)
    {
        var differences = prompts.Select(prompt =>
            Given.Reward.Score([Given.User(prompt)], Given.Say(model, prompt)) - Given.Reward.Score([Given.User(prompt)], Given.Say(other, prompt))).ToList();
        return (differences.Count(difference => difference > 0), differences.Count(difference => difference < 0));
    }
}
