using Cfx.Core.Conversations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Conversations;

public class SampleDataTests
{
    [Test]
    public async Task Every_sample_conversation_is_accounted_for_and_split_in_two_runs_alike()
    {
        using var folder = new TemporaryFolder();
        var root = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(root, "Cfx.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var filter = await new FilterStage(NullLogger.Instance, new RecordingProgress())
            .RunAsync(FilterOptions.ForFolder([Path.Combine(root, "data", "conversations.json")], folder.Root), CancellationToken.None);
        TestContext.Out.WriteLine(filter.ToJson().ToJsonString());
        Assert.That(filter.Read, Is.EqualTo(filter.KeptTotal + filter.LeftOutTotal + filter.Duplicates + filter.RejectedTotal));
        Assert.That(filter.KeptTotal, Is.GreaterThan(300));
        Assert.That(filter.Rejected.Keys, Does.Contain(RejectionCode.UnknownRole).And.Contain(RejectionCode.EmptyContent).And.Contain(RejectionCode.NoFeedback));

        var stage = new SplitStage(NullLogger.Instance, new RecordingProgress());
        var first = await stage.RunAsync(SplitOptions.ForFolder(folder.Root, 1, 0.25, 0.9), CancellationToken.None);
        var second = await stage.RunAsync(SplitOptions.ForFolder(folder.Root, 1, 0.25, 0.9), CancellationToken.None);
        TestContext.Out.WriteLine(first.ToJson().ToJsonString());
        Assert.That(second.Hash, Is.EqualTo(first.Hash));
        Assert.That(first.Items.Values.Sum(), Is.EqualTo(filter.KeptTotal));
    }
}
