using Cfx.Core.Auditing;
using Cfx.Core.Conversations;
using TestContext = Cfx.Core.Evaluation.TestContext;

namespace Cfx.Core.Tests.Auditing;

public sealed class TrainingOverlapTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Contexts_are_found_in_examples_and_in_preference_pairs_whatever_their_case_and_white_space()
    {
        var training = _folder.WriteLines(
            "a_training.jsonl",
            """{"messages":[{"role":"user","content":"How do I  prove DOUGH?","weight":0},{"role":"assistant","content":"Warm.","weight":1}]}""",
            """{"messages":[{"role":"user","content":"Something else","weight":0},{"role":"assistant","content":"Why?","weight":1}]}""");
        var pairs = _folder.WriteLines("a_dpo_training.jsonl", """{"input":{"messages":[{"role":"user","content":"And the second?"}]},"preferred_output":[],"non_preferred_output":[]}""");

        var (contexts, found) = await TrainingOverlap.FindAsync(
            new[] { Context("i1", "How do I prove dough?"), Context("i2", "Why?"), Context("i3", "and the second?") }.ToAsyncEnumerable(), [training, pairs], CancellationToken.None);

        Assert.That(contexts, Is.EqualTo(3));
        Assert.That(found, Is.EqualTo(new[] { "i1", "i3" }), "an answer is no context");
    }

    [Test]
    public void A_broken_training_file_is_named() => Assert.That(
        async () => await TrainingOverlap.FindAsync(new[] { Context("i1", "x") }.ToAsyncEnumerable(), [_folder.WriteLines("a_training.jsonl", "{}")], CancellationToken.None),
        Throws.TypeOf<MisuseException>().With.Message.Contains("a_training.jsonl, line 1"));

    private static TestContext Context(string id, string text) => new(id, id, "UR2", [new Message(Roles.User, text)]);
}
