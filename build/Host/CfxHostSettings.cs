using System.Reflection;
using Cake.Core;
using Cfx.Build.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Cfx.Build.Host;

/// <summary>What a program tells the host about itself; the rest has the values of an ordinary process.</summary>
public sealed record CfxHostSettings
{
    /// <summary>The command line.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>All options.</summary>
    public required OptionCatalog Catalog { get; init; }

    /// <summary>Where the tasks are; ignored where <see cref="TaskTypes"/> is given.</summary>
    public IReadOnlyList<Assembly> Assemblies { get; init; } = [];

    /// <summary>Exactly these tasks.</summary>
    public IReadOnlyList<Type>? TaskTypes { get; init; }

    /// <summary>Adds the project's services, knowing the options. A <see cref="Cfx.Core.MisuseException"/> is reported with the other faults.</summary>
    public Action<IServiceCollection, OptionValues>? ConfigureServices { get; init; }

    /// <summary>Finds faults between options, one line each; reported with the others.</summary>
    public Func<OptionValues, IEnumerable<string>>? CheckOptions { get; init; }

    /// <summary>Variables and working folder; the study file and <c>.cfx</c> are looked for in that folder.</summary>
    public ICakeEnvironment Environment { get; init; } = new CakeEnvironment(new CakePlatform(), new CakeRuntime());

    /// <summary>Where to write; the process's console if null.</summary>
    public HostConsole? Console { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Turns the provider option's value into <c>together</c> or <c>sandbox</c>; by default <c>auto</c> is Together with a key and the
    /// sandbox without.</summary>
    public Func<string, ICakeEnvironment, string> ResolveProvider { get; init; } = static (asked, environment) =>
        asked.Equals("auto", StringComparison.Ordinal)
            ? string.IsNullOrWhiteSpace(environment.GetEnvironmentVariable("TOGETHER_API_KEY")) ? "sandbox" : "together"
            : asked;

    /// <summary>Variables whose values must appear nowhere.</summary>
    public IReadOnlyList<string> SecretVariables { get; init; } = ["TOGETHER_API_KEY", "OPENAI_API_KEY", "WANDB_API_KEY"];

    /// <summary>How people start the program.</summary>
    public string Command { get; init; } = "./build.sh";

    /// <summary>What <c>--version</c> says.</summary>
    public string Version { get; init; } = "Cfx";

    /// <summary>One line over the overview.</summary>
    public string About { get; init; } = string.Empty;

    /// <summary>Whether Ctrl-C and requests to end are caught.</summary>
    public bool HandleSignals { get; init; } = true;

    /// <summary>Whether a rolling log file is written.</summary>
    public bool LogToFile { get; init; } = true;

    /// <summary>Ends the process at the second Ctrl-C.</summary>
    public Action<int> Leave { get; init; } = static code => System.Environment.Exit(code);
}
