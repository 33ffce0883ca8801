using Cfx.Core;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.State;

[CancelAfter(60_000)]
internal sealed class StateFolderTests
{
    [Test]
    public async Task A_second_server_on_one_folder_is_refused_and_told_where_the_first_is()
    {
        var folder = Harness.NewFolder();
        await using (var first = await Harness.StartAsync(folder))
        {
            Assert.That(
                async () => await Harness.StartAsync(folder),
                Throws.InstanceOf<MisuseException>().With.Message.Contains(folder).And.Message.Contains(first.Server.BaseUrl));
            Assert.That(await first.GetAsync("models"), Is.Not.Null);
        }

        await using var next = await Harness.StartAsync(folder);
        Assert.That(await next.GetAsync("models"), Is.Not.Null);
    }

    [Test]
    public async Task A_start_that_fails_lets_go_of_the_folder()
    {
        var folder = Harness.NewFolder();
        await using var other = await Harness.StartAsync(Harness.NewFolder());
        var taken = new Uri(other.Server.BaseUrl).Port;

        Assert.That(
            async () => await Harness.StartAsync(folder, options => options with { Port = taken }),
            Throws.InstanceOf<MisuseException>().With.Message.Contains($"port {taken}"));
        await using var next = await Harness.StartAsync(folder);
        Assert.That(await next.GetAsync("models"), Is.Not.Null);
    }

    [Test]
    public void A_lock_file_that_nobody_holds_is_no_obstacle()
    {
        var folder = Harness.NewFolder();
        File.WriteAllText(Path.Combine(folder, "lock"), string.Empty);
        File.WriteAllText(Path.Combine(folder, "server.json"), """{"pid":1,"url":"http://127.0.0.1:1/v1"}""");

        using var held = StateFolder.Open(folder);
        Assert.That(held.Root, Is.EqualTo(folder));
    }

    [Test]
    public void A_write_that_fails_leaves_the_old_content()
    {
        var path = Path.Combine(Harness.NewFolder(), "file");
        StateFolder.Write(path, stream => stream.Write("old"u8));

        Assert.That(
            () => StateFolder.Write(path, stream =>
            {
                stream.Write("ne"u8);
                throw new InvalidDataException();
            }),
            Throws.InstanceOf<InvalidDataException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
    }
}
