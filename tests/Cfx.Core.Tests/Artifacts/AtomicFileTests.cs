using Cfx.Core.Artifacts;

namespace Cfx.Core.Tests.Artifacts;

public class AtomicFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task A_committed_file_holds_what_was_written_and_leaves_nothing_beside_it()
    {
        await AtomicFile.WriteTextAsync(_folder["a/b.txt"], "käse\n", default);

        Assert.That(await File.ReadAllBytesAsync(_folder["a/b.txt"]), Is.EqualTo("käse\n"u8.ToArray()));
        Assert.That(Directory.GetFiles(_folder["a"]), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task An_abandoned_file_leaves_the_older_one_as_it_was()
    {
        var path = _folder.Write("a.txt", "old");
        await using (var file = AtomicFile.Create(path))
        {
            await file.Stream.WriteAsync("half of the ne"u8.ToArray());
        }

        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(_folder.Root), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task What_a_killed_process_left_does_not_hinder_the_next_attempt()
    {
        _folder.Write("a.txt" + AtomicFile.TemporarySuffix, "a much longer text that a killed process left behind");
        await AtomicFile.WriteTextAsync(_folder["a.txt"], "new", default);

        Assert.That(await File.ReadAllTextAsync(_folder["a.txt"]), Is.EqualTo("new"));
    }

    [Test]
    public async Task Only_the_owner_may_read_an_artifact()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows keeps permissions otherwise.");
            return;
        }

        await AtomicFile.WriteTextAsync(_folder["a.txt"], "private", default);
        Assert.That(File.GetUnixFileMode(_folder["a.txt"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_one_clear_line()
    {
        var file = _folder.Write("file", "not a folder");
        var error = Assert.Throws<StageFailedException>(() => AtomicFile.Create(Path.Combine(file, "x.txt")))!;
        Assert.That(error.Message, Does.StartWith("Cannot write '").And.Not.Contain("\n"));
    }

    [Test]
    public void A_target_that_cannot_be_replaced_is_one_clear_line_and_leaves_nothing_beside_it()
    {
        Directory.CreateDirectory(_folder["a.txt"]);
        Assert.That(
            async () => await AtomicFile.WriteTextAsync(_folder["a.txt"], "new", default),
            Throws.TypeOf<StageFailedException>().With.Message.Contains(_folder["a.txt"]));
        Assert.That(Directory.GetFiles(_folder.Root), Is.Empty);
    }
}
