using Cake.Core;
using Cake.Frosting.Internal;
using Cfx.Build.Options;

namespace Cfx.Build.Host;

/// <summary>Everything known before the first service is made.</summary>
internal sealed record RunPlan(
    CfxHostSettings Settings,
    HostCommandLine CommandLine,
    TaskGraph Graph,
    IReadOnlyList<string> Targets,
    OptionValues Options,
    HostConsole Console,
    SecretMask Mask)
{
    /// <summary>Whether a dependency of a task does not run this time, because the task is a job of its own. The option that keeps the fewest
    /// dependencies decides.</summary>
    public bool LeavesOut(string target, string dependency) =>
        CommandLine.Exclusive
        || (Targets.Contains(target, StringComparer.OrdinalIgnoreCase)
            && Graph.Catalog.Find(target)!.Type.GetCustomAttributes(typeof(StandsAloneWithAttribute), inherit: true)
                .Cast<StandsAloneWithAttribute>()
                .Where(a => Options.IsOnCommandLine(a.Section, a.Key))
                .Any(a => !a.Keeps.Select(TaskDescriptor.NameOf).Contains(dependency, StringComparer.OrdinalIgnoreCase)));

    /// <summary>What runs, those before others first.</summary>
    public IReadOnlyList<string> Order() => Graph.Order(Targets, LeavesOut);

    /// <summary>The command line as tasks may read it: each option by the name that is never ambiguous.</summary>
    public ICakeArguments ToCakeArguments() =>
        new CakeArguments(Options.Given
            .Where(v => v.Origin == OptionOrigin.CommandLine)
            .Select(v => (Name: v.Definition.QualifiedName, Value: v.Text ?? string.Empty))
            .Concat(Targets.Select(t => (Name: "target", Value: t)))
            .ToLookup(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase));
}
