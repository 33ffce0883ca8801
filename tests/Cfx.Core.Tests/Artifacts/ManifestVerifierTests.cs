using Cfx.Core.Artifacts;

namespace Cfx.Core.Tests.Artifacts;

public sealed class ManifestVerifierTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _folder.Write("data/s/in.jsonl", "{}\n");
        _folder.Write("data/s/out.jsonl", "made\n");
        var store = new ArtifactStore(_folder.Root, "1.0", new SkippingTime());
        var recipe = new StageRecipe(
            "Stage", 1, "sandbox", Paid: false, new Dictionary<string, string>(), [new StageInput("data/s/in.jsonl", InputKind.File)], ["data/s/out.jsonl"]);
        await store.CommitAsync(recipe, await store.InspectAsync(recipe, new HashSet<string>(), force: false, default), 0, StageCost.None, default);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private Task<(int Manifests, IReadOnlyList<string> Faults)> VerifyAsync() =>
        ManifestVerifier.VerifyAsync(_folder.Root, [_folder["data"], _folder["results"]], default);

    [Test]
    public async Task Untouched_files_are_as_their_manifests_say()
    {
        var (manifests, faults) = await VerifyAsync();
        Assert.That(manifests, Is.EqualTo(1));
        Assert.That(faults, Is.Empty);
    }

    [Test]
    public async Task A_changed_output_is_named()
    {
        _folder.Write("data/s/out.jsonl", "else\n");
        Assert.That((await VerifyAsync()).Faults, Has.Exactly(1).Items.And.Some.Contains("data/s/out.jsonl: it was changed after it was made"));
    }

    [Test]
    public async Task A_changed_input_is_named_with_what_was_made_from_it()
    {
        _folder.Write("data/s/in.jsonl", "{ }\n");
        Assert.That((await VerifyAsync()).Faults, Has.Exactly(1).Items.And.Some.Contains("data/s/out.jsonl: data/s/in.jsonl is not what data/s/out.jsonl was made from"));
    }

    [Test]
    public async Task A_missing_file_is_named()
    {
        File.Delete(_folder["data/s/in.jsonl"]);
        Assert.That((await VerifyAsync()).Faults, Has.Exactly(1).Items.And.Some.Contains("data/s/in.jsonl, which it was made from, is missing"));
    }

    [Test]
    public async Task A_broken_manifest_is_named()
    {
        _folder.Write("data/s/out.jsonl.manifest.json", "{");
        Assert.That((await VerifyAsync()).Faults, Has.Exactly(1).Items.And.Some.Contains("its manifest cannot be read"));
    }
}
