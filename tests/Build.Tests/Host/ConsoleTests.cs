using System.Globalization;
using Cfx.Build.Host;

namespace Build.Tests.Host;

public sealed class ConsoleTests
{
    private const string Secret = "tgp_v1_s3cr3t/\"key\"";

    [Test]
    public async Task A_key_appears_neither_on_the_screen_nor_in_the_log_file_however_it_is_spelled()
    {
        using var host = new HostHarness { Tasks = [typeof(LeakyTask)], LogToFile = true };
        host.Variables["TOGETHER_API_KEY"] = Secret;

        Assert.That(await host.RunAsync("--target=LeakyTask", "--verbosity=diagnostic"), Is.EqualTo(1));
        var log = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(host.Folder, ".cfx", "logs")).Single());
        Assert.That(log, Does.Contain("used ***"));
        Assert.That(host.Output + host.Error + log, Does.Not.Contain("s3cr3t"));
    }

    [Test]
    public void Progress_into_a_pipe_is_a_line_for_each_tenth_once_it_has_gone_on_for_a_while()
    {
        var clock = new FakeClock();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var progress = new ConsoleProgress(new HostConsole(output, output, new SecretMask([]), false, false, static () => 80), clock);
        using (var scope = progress.Begin("answers", 100))
        {
            for (var i = 0; i <= 100; i++)
            {
                scope.Report(i);
                clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        var lines = output.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(9));
        Assert.That(lines[0], Is.EqualTo("  20 of 100 answers, 10/s, 8.0 s left"));
        Assert.That(lines[^1], Is.EqualTo("  100 of 100 answers, 10/s"));
    }

    [Test]
    public void A_terminal_that_is_gone_stops_nothing()
    {
        var console = new HostConsole(new GoneWriter(), new GoneWriter(), new SecretMask([]), true, false, static () => 80);
        console.SetStatus("working");
        console.WriteLine("on");
        console.WriteErrorLine("and on");
    }

    [Test]
    public void Progress_on_a_terminal_is_a_bar_that_log_lines_push_down()
    {
        var clock = new FakeClock();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = new HostConsole(output, output, new SecretMask([]), true, false, static () => 80);
        using (var scope = new ConsoleProgress(console, clock).Begin("steps", 4))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            scope.Report(2, "loss 1.2");
            console.WriteLine("a log line");
        }

        Assert.That(output.ToString(), Does.Contain("[############............] 2 of 4 steps (loss 1.2)"));
        Assert.That(output.ToString(), Does.Contain("\ra log line" + Environment.NewLine + "  [####"));
    }

    private sealed class FakeClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }

    private sealed class LeakyTask : Cake.Frosting.FrostingTask<Demo.DemoContext>
    {
        public override void Run(Demo.DemoContext context)
        {
            context.Log.Write(Cake.Core.Diagnostics.Verbosity.Normal, Cake.Core.Diagnostics.LogLevel.Information, "used {0}", Secret);
            context.Console.WriteLine(Uri.EscapeDataString(Secret));
            throw new IOException($"401 for {Secret}");
        }
    }

    private sealed class GoneWriter : StringWriter
    {
        public override void Flush() => throw new IOException("Input/output error");
    }
}
