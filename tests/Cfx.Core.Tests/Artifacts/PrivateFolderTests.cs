using System.Runtime.Versioning;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Tests.Artifacts;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateFolderTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Test]
    public async Task A_file_and_the_folders_made_for_it_are_their_owners_alone()
    {
        using var folder = new TemporaryFolder();
        await AtomicFile.WriteTextAsync(folder["a/b/c.json"], "{}", CancellationToken.None);

        Assert.That(File.GetUnixFileMode(folder["a/b/c.json"]), Is.EqualTo(Owner));
        Assert.That(File.GetUnixFileMode(folder["a/b"]), Is.EqualTo(Owner | UnixFileMode.UserExecute));
        Assert.That(File.GetUnixFileMode(folder["a"]), Is.EqualTo(Owner | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task A_folder_that_was_opened_up_stays_open_and_a_file_in_it_does_not()
    {
        using var folder = new TemporaryFolder();
        var open = Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        Directory.CreateDirectory(folder["a"], open);
        File.WriteAllText(folder["a/b.json"], "old");
        File.SetUnixFileMode(folder["a/b.json"], Owner | UnixFileMode.GroupRead);

        await AtomicFile.WriteTextAsync(folder["a/b.json"], "{}", CancellationToken.None);

        Assert.That(File.GetUnixFileMode(folder["a"]), Is.EqualTo(open));
        Assert.That(File.GetUnixFileMode(folder["a/b.json"]), Is.EqualTo(Owner));
    }
}
