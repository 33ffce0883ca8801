using Cake.Core;
using Cake.Frosting;
using Cfx.Build.Host;
using Cfx.Build.Options;

namespace Build.Tests.Demo;

public sealed class DemoContext(ICakeContext context, OptionValues options, IRunReport report, RunCancellation cancellation, HostConsole console)
    : FrostingContext(context)
{
    public OptionValues Options { get; } = options;

    public IRunReport Report { get; } = report;

    public RunCancellation Cancellation { get; } = cancellation;

    public HostConsole Console { get; } = console;

    public List<string> Ran { get; } = [];
}
