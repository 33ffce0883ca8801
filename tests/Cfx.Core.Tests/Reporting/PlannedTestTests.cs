using System.Text.Json.Nodes;
using Cfx.Core.Reporting;

namespace Cfx.Core.Tests.Reporting;

public sealed class PlannedTestTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task A_first_analysis_has_no_deviation()
    {
        var planned = await AfterAsync(100);

        Assert.That(planned.Deviations(), Is.Empty);
        Assert.That((planned.Contexts, planned.Seen.Count), Is.EqualTo((100L, 0)));
    }

    [TestCase(300)]
    [TestCase(50)]
    public async Task Another_size_after_p_values_were_seen_is_told_in_words_with_both_sizes(long now)
    {
        await AfterAsync(100);
        Analysed(100, p: 0.04);

        Assert.That((await AfterAsync(now)).Deviations().Single(), Does.Contain("after results were seen").And.Contain("with 100 test contexts").And.Contain($"the test has {now} now").And.Contain("ln E"));
    }

    [Test]
    public async Task Each_look_is_remembered_although_the_analysis_is_written_over()
    {
        await AfterAsync(100);
        Analysed(100, p: 0.5);
        await AfterAsync(200);
        Analysed(200, p: 0.2);
        await AfterAsync(200);

        Assert.That((await AfterAsync(300)).Deviations().Single(), Does.Contain("with 100, then 200 test contexts"));
    }

    [Test]
    public async Task The_same_size_again_is_no_deviation_and_neither_is_an_analysis_without_p_values()
    {
        Analysed(100, p: null);
        await AfterAsync(100);
        Analysed(300, p: 0.04);

        Assert.That((await AfterAsync(300)).Deviations(), Is.Empty);
    }

    [Test]
    public async Task Contexts_that_dropped_out_for_overlap_were_planned_all_the_same()
    {
        Analysed(99, p: 0.04, "i1");

        Assert.That((await AfterAsync(100)).Deviations(), Is.Empty);
    }

    [TestCase("[]")]
    [TestCase("{\"contexts\": 1}")]
    [TestCase("{")]
    public void A_history_that_cannot_be_read_is_not_forgotten(string text)
    {
        _folder.Write("planned.json", text);

        Assert.That(async () => await AfterAsync(1), Throws.TypeOf<MisuseException>().With.Message.Contains("planned.json").And.Message.Not.Contains("\n"));
    }

    private async Task<PlannedTest> AfterAsync(long contexts)
    {
        var planned = await PlannedTest.AfterAsync(_folder["planned.json"], _folder["analysis.json"], contexts, CancellationToken.None);
        await planned.WriteAsync(_folder["planned.json"], CancellationToken.None);
        var read = await PlannedTest.LoadAsync(_folder["planned.json"], CancellationToken.None);
        Assert.That((read.Contexts, string.Join(' ', read.Seen)), Is.EqualTo((planned.Contexts, string.Join(' ', planned.Seen))));
        return read;
    }

    private void Analysed(long planned, double? p, params string[] leftOut) => _folder.Write("analysis.json", new JsonObject
    {
        ["comparisons"] = new JsonArray(new JsonObject { ["n"] = planned, ["n_attempted"] = planned, ["n_planned"] = planned, ["primary_p"] = p }),
        ["leakage"] = new JsonObject { ["left_out"] = new JsonArray([.. leftOut.Select(i => (JsonNode)i)]) },
    }.ToJsonString());
}
