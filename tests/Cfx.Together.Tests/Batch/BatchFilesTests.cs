using Cfx.Core;
using Cfx.Core.Training;
using Cfx.Together.Batch;

namespace Cfx.Together.Tests.Batch;

[TestFixture]
[CancelAfter(60_000)]
public sealed class BatchFilesTests : BatchFixture
{
    [Test]
    public async Task A_collected_batchs_calls_answers_and_failures_are_ours_to_delete_and_anothers_file_of_its_name_is_not()
    {
        Batches = Batches with { Resends = 0 };
        Provider.Lines = (_, id, body) => (string)body["messages"]!.AsArray()[^1]!["content"]! == "question 1" ? [BatchProvider.Line(id, body)] : [BatchProvider.Failed(id, "no")];
        await FetchAsync(Texts(2));
        var claims = await BatchFiles.ReadAsync(Batches.Folder, CancellationToken.None);
        Assert.That(claims, Is.EquivalentTo(new Dictionary<string, RemoteClaim>
        {
            ["file-1"] = RemoteClaim.Unneeded,
            ["output_file_id-1"] = RemoteClaim.Unneeded,
            ["error_file_id-1"] = RemoteClaim.Unneeded,
            [Provider.FileName(Provider.Batches[0])] = RemoteClaim.Unsure,
        }));
    }

    [Test]
    public async Task The_file_of_a_batch_that_is_not_collected_stays()
    {
        Provider.LooksBeforeTheEnd = 100;
        Batches = Batches with { Wait = false };
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync(Texts(2)));
        var claims = await BatchFiles.ReadAsync(Batches.Folder, CancellationToken.None);
        Assert.That(claims.Values, Is.EqualTo(new[] { RemoteClaim.UnderWay, RemoteClaim.UnderWay }));
    }
}
