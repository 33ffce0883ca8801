using Cfx.Build.Composition;
using Cfx.Core.Artifacts;

namespace Build.Tests.Composition;

public sealed class GeneratedFilesTests
{
    private string _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("cfx-test-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    private string Write(string path, string text = "text")
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    private async Task MakeAsync(string path, string provider, params string[] outputs)
    {
        Write(path);
        await new Manifest(
            "Stage", 1, "f", provider, new Dictionary<string, string>(), [],
            [.. outputs.Append(path).Select(o => new ManifestFile(o, new ContentHash("0", 0)))],
            "test", DateTimeOffset.UnixEpoch, TimeSpan.Zero, StageCost.None)
        { IsSandbox = provider == "sandbox" }.WriteAsync(Path.Combine(_root, path), default);
    }

    [Test]
    public async Task What_was_made_goes_and_what_the_user_put_there_stays()
    {
        await MakeAsync("data/study-sandbox/feedback.jsonl", "sandbox");
        Write("data/study-sandbox/half.jsonl.partial");
        Write("data/mine.json");

        var (removed, kept) = await new GeneratedFiles(_root).RemoveAsync(includePaid: false, default);

        Assert.That(Directory.GetFileSystemEntries(_root, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(_root, p)),
            Is.EquivalentTo(new[] { "data", Path.Combine("data", "mine.json") }));
        Assert.That((removed, kept), Is.EqualTo((3, 0)));
    }

    [Test]
    public async Task What_was_paid_for_goes_only_when_that_is_asked_for()
    {
        await MakeAsync("results/study/base.jsonl", "together");
        Assert.That((await new GeneratedFiles(_root).RemoveAsync(includePaid: false, default)).Kept, Is.EqualTo(1));
        Assert.That(File.Exists(Path.Combine(_root, "results/study/base.jsonl")), Is.True);

        await new GeneratedFiles(_root).RemoveAsync(includePaid: true, default);
        Assert.That(Directory.Exists(Path.Combine(_root, "results/study")), Is.False);
    }

    [Test]
    public async Task A_manifest_cannot_name_files_elsewhere_for_removal()
    {
        var outside = Write("src/precious.cs");
        await MakeAsync("data/trap.json", "sandbox", "src/precious.cs", "../precious.txt", "data/../src/precious.cs");

        await new GeneratedFiles(_root).RemoveAsync(includePaid: true, default);

        Assert.That(File.Exists(outside), Is.True);
        Assert.That(File.Exists(Path.Combine(_root, "data/trap.json")), Is.False);
    }
}
