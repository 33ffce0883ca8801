using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>Which frozen split an artifact is of can be read beside it.</summary>
public sealed class SplitHashTests
{
    [Test]
    public void Every_manifest_of_a_study_tells_the_split_but_the_filters_which_comes_before()
    {
        var checkout = OneTime.Baseline;
        var hash = (string)checkout.Json("data/study-sandbox/split.json")["hash"]!;
        var manifests = ((string[])["data", "models", "results"]).SelectMany(f => Directory.GetFiles(checkout[f], "*.manifest.json", SearchOption.AllDirectories))
            .ToDictionary(f => Path.GetRelativePath(checkout.Root, f), f => (string?)JsonNode.Parse(File.ReadAllText(f))!["split_hash"], StringComparer.Ordinal);

        Assert.That(manifests.Remove("data/study-sandbox/filtered.jsonl.manifest.json", out var filter), Is.True);
        Assert.That(filter, Is.Null);
        Assert.That(manifests, Has.Count.GreaterThan(10));
        Assert.That(manifests.Values, Is.All.EqualTo(hash));
    }
}
