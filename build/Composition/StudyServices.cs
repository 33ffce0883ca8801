using System.Reflection;
using Cake.Core;
using Cake.Frosting;
using Cfx.Build.Composition.Planning;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Host;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition;

/// <summary>Puts the program together.</summary>
internal static class StudyServices
{
    /// <summary>The program's version as people and manifests see it.</summary>
    public static string Version { get; } =
        "Cfx " + typeof(StudyServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void Add(IServiceCollection services, OptionValues options, string root, ICakeEnvironment environment)
    {
        services.AddSingleton(p => new StudyMoney(options, root, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new ProviderSession(
            options, root, environment.GetEnvironmentVariable, p.GetRequiredService<StudyMoney>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILoggerFactory>(), p.GetRequiredService<RunCancellation>().Token));
        services.AddSingleton(p => new ArtifactStore(root, Version, p.GetRequiredService<TimeProvider>(), options.Redactor));
        services.AddSingleton(p => new StudyRun(
            options, root, [.. p.GetRequiredService<ICakeArguments>().GetArguments("target")], p.GetRequiredService<ProviderSession>(), p.GetRequiredService<IProgressSink>(),
            p.GetRequiredService<ILoggerFactory>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<StudyMoney>(), environment.GetEnvironmentVariable));
        services.AddSingleton(p => new StageRunner(
            p.GetRequiredService<ArtifactStore>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<StageRunner>>())
        {
            BeforeAsking = p.GetRequiredService<StudyRun>().Preflight.RequireAsync,
            AllowMissing = options.Flag("study", "allow-missing"),
        });
        services.AddSingleton<StudyCheckup>();
        services.AddSingleton<StudyForecast>();
        services.AddSingleton<StudyVerification>();
        services.AddSingleton(new GeneratedFiles(root));
        services.UseLifetime<StudyLifetime>();
    }
}
