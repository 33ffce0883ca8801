using Cfx.Core.Conversations;
using Cfx.Sandbox.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Sandbox.Tests.Models;

public sealed class SandboxChatEngineTests
{
    [Test]
    public void A_known_question_gets_its_answer()
    {
        var right = Given.Corpus.Pairs.Count(pair => string.Equals(Given.Say(Given.Large, pair.Prompt), pair.Answer, StringComparison.Ordinal));

        Assert.That(right / (double)Given.Corpus.Pairs.Count, Is.GreaterThan(0.9));
    }

    [Test]
    public void The_small_model_knows_less()
    {
        Assert.That(Given.Small.OfferedCount, Is.LessThan(Given.Large.OfferedCount * 0.6));
        Assert.That(Given.Large.OfferedCount, Is.GreaterThan(400));
    }

    [Test]
    public void Any_text_gets_a_non_empty_answer_and_none_a_failure()
    {
        Prop.ForAll<string?, string?>((first, second) =>
        {
            var reply = SandboxChatEngine.Complete(
                Given.Model(Given.Small), [new Message(Roles.System, first ?? ""), Given.User(second ?? "")], 0.7, 0.9, null, null);
            return reply.Text.Length > 0 && string.Equals(reply.FinishReason, "stop", StringComparison.Ordinal) && reply.CompletionTokens > 0;
        }).QuickCheckThrowOnFailure();
    }

    [TestCase("مرحبا، كيف أعتني بالنباتات المنزلية؟")]
    [TestCase("如何照顾室内植物？")]
    [TestCase("👩‍👩‍👧‍👦🔥🥖")]
    [TestCase("\uD83D lone \uDC00 surrogates \0 and controls \u202E")]
    [TestCase("")]
    public void Other_scripts_and_broken_text_get_an_answer(string text) => Assert.That(Given.Say(Given.Large, text), Is.Not.Empty);

    [Test]
    public void No_messages_at_all_get_an_answer() =>
        Assert.That(SandboxChatEngine.Complete(Given.Model(Given.Small), [], 0, 1, 100, null).Text, Is.Not.Empty);

    [Test]
    public void Five_megabytes_are_answered()
    {
        var text = string.Concat(Enumerable.Repeat("<conversation id=\"00000000\">\nyeast ", 150_000));

        Assert.That(Given.Say(Given.Small, text), Is.Not.Empty);
        Assert.That(Given.Say(Given.Small, Given.RewriteRequest(text, text, text)), Is.Not.Empty);
    }

    [Test]
    public void The_same_request_gets_the_same_answer_and_seeds_give_variety()
    {
        string Draw(long seed) => SandboxChatEngine.Complete(
            Given.Model(Given.Large), [Given.User("How should I train for a run?")], 1.5, 1, 500, seed).Text;

        var first = Draw(7);
        var again = Draw(7);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(Enumerable.Range(0, 20).Select(seed => Draw(seed)).Distinct(StringComparer.Ordinal).Count(), Is.GreaterThan(1));
    }

    [Test]
    public void An_answer_over_the_token_limit_is_cut_and_says_so()
    {
        var prompt = Given.Corpus.Pairs[0].Prompt;
        var whole = SandboxChatEngine.Complete(Given.Model(Given.Large), [Given.User(prompt)], 0, 1, null, null);

        var cut = SandboxChatEngine.Complete(Given.Model(Given.Large), [Given.User(prompt)], 0, 1, 10, null);
        var exact = SandboxChatEngine.Complete(Given.Model(Given.Large), [Given.User(prompt)], 0, 1, whole.CompletionTokens, null);

        Assert.That(cut.FinishReason, Is.EqualTo("length"));
        Assert.That(cut.CompletionTokens, Is.EqualTo(10));
        Assert.That(whole.Text, Does.StartWith(cut.Text));
        Assert.That(exact, Is.EqualTo(whole));
    }

    [Test]
    public void A_model_survives_saving_and_a_damaged_one_is_refused()
    {
        var bytes = Given.Bytes(Given.Small.Save);
        var loaded = ResponseModel.Load(new MemoryStream(bytes));
        Assert.That(Given.Bytes(loaded.Save), Is.EqualTo(bytes));
        Assert.That(Given.Say(loaded, "How do I prune tomatoes?", 1), Is.EqualTo(Given.Say(Given.Small, "How do I prune tomatoes?", 1)));

        var changed = (byte[])bytes.Clone();
        changed[bytes.Length / 2] ^= 1;
        Assert.That(() => ResponseModel.Load(new MemoryStream(changed)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("damaged"));
        Assert.That(() => ResponseModel.Load(new MemoryStream(bytes[..^9])), Throws.TypeOf<InvalidDataException>().With.Message.Contains("damaged"));
        Assert.That(() => ResponseModel.Load(new MemoryStream("hello"u8.ToArray())), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => RewardModel.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("reward model"));
    }

    [Test]
    public void Base_models_come_out_the_same_each_time() =>
        Assert.That(
            Given.Bytes(BaseModels.Train(BaseModels.Small, Given.Corpus, CancellationToken.None).Save), Is.EqualTo(Given.Bytes(Given.Small.Save)));
}
