using System.Text.Json.Nodes;
using Cfx.Core.Reporting;

namespace Cfx.Core.Tests.Reporting;

public class FlowCountsTests
{
    [Test]
    public void Settings_that_stand_beside_the_counts_are_not_counted()
    {
        var counts = JsonNode.Parse("""{"seed":7,"test_share":0,"train_split":1,"max_context_turns":10,"items":{"total":5},"left_out":2}""")!.AsObject();
        Assert.That(new FlowCounts("Split", counts).Lines(), Is.EqualTo(new[] { ("items: total", 5L), ("left out", 2L) }));
    }
}
