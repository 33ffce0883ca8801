using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Packaging;
using Cake.Core.Tooling;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>The engine and what it stands on, as services. Factories throughout: the container's own search for constructors costs
/// more at start-up than all of these together.</summary>
public static class FrostingServices
{
    /// <summary>Adds Cake's own services. What is added after them replaces them.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="arguments">What tasks read as arguments.</param>
    /// <param name="verbosity">What the log lets through.</param>
    public static IServiceCollection AddCakeCore(this IServiceCollection services, ICakeArguments arguments, Verbosity verbosity)
    {
        services.AddSingleton(arguments);
        services.AddSingleton<ICakePlatform>(static _ => new CakePlatform());
        services.AddSingleton<ICakeRuntime>(static _ => new CakeRuntime());
        services.AddSingleton<ICakeEnvironment>(static p => new CakeEnvironment(
            p.GetRequiredService<ICakePlatform>(),
            p.GetRequiredService<ICakeRuntime>()));
        services.AddSingleton<IConsole>(static p => new CakeConsole(p.GetRequiredService<ICakeEnvironment>()));
        services.AddSingleton<ICakeLog>(p => new CakeBuildLog(p.GetRequiredService<IConsole>(), verbosity));
        services.AddSingleton<IFileSystem>(static _ => new FileSystem());
        services.AddSingleton<IGlobber>(static p => new Globber(
            p.GetRequiredService<IFileSystem>(),
            p.GetRequiredService<ICakeEnvironment>()));
        services.AddSingleton<ICakeConfiguration>(static p => new CakeConfiguration(
            p.GetServices<FrostingConfigurationValue>()
                .GroupBy(v => v.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.OrdinalIgnoreCase)));
        services.AddSingleton<IToolRepository>(static p => new ToolRepository(p.GetRequiredService<ICakeEnvironment>()));
        services.AddSingleton<IToolResolutionStrategy>(static p => new ToolResolutionStrategy(
            p.GetRequiredService<IFileSystem>(),
            p.GetRequiredService<ICakeEnvironment>(),
            p.GetRequiredService<IGlobber>(),
            p.GetRequiredService<ICakeConfiguration>(),
            p.GetRequiredService<ICakeLog>()));
        services.AddSingleton<IToolLocator>(static p => new ToolLocator(
            p.GetRequiredService<ICakeEnvironment>(),
            p.GetRequiredService<IToolRepository>(),
            p.GetRequiredService<IToolResolutionStrategy>()));
        services.AddSingleton<IToolInstaller>(static p => new ToolInstaller(
            p.GetRequiredService<ICakeEnvironment>(),
            p.GetRequiredService<IToolLocator>(),
            p.GetRequiredService<ICakeConfiguration>(),
            p.GetRequiredService<ICakeLog>(),
            p.GetServices<IPackageInstaller>()));
        services.AddSingleton<IProcessRunner>(static p => new ProcessRunner(
            p.GetRequiredService<IFileSystem>(),
            p.GetRequiredService<ICakeEnvironment>(),
            p.GetRequiredService<ICakeLog>(),
            p.GetRequiredService<IToolLocator>(),
            p.GetRequiredService<ICakeConfiguration>()));
        services.AddSingleton<IRegistry>(static _ => new WindowsRegistry());
        services.AddSingleton<ICakeDataService>(static _ => new CakeDataService());
        services.AddSingleton<ICakeContext>(static p => new CakeContext(
            p.GetRequiredService<IFileSystem>(),
            p.GetRequiredService<ICakeEnvironment>(),
            p.GetRequiredService<IGlobber>(),
            p.GetRequiredService<ICakeLog>(),
            p.GetRequiredService<ICakeArguments>(),
            p.GetRequiredService<IProcessRunner>(),
            p.GetRequiredService<IRegistry>(),
            p.GetRequiredService<IToolLocator>(),
            p.GetRequiredService<ICakeDataService>(),
            p.GetRequiredService<ICakeConfiguration>(),
            p.GetRequiredService<IToolInstaller>(),
            p));
        services.AddSingleton<ICakeReportPrinter>(static p => new CakeReportPrinter(
            p.GetRequiredService<IConsole>(),
            p.GetRequiredService<ICakeContext>()));
        services.AddSingleton<IExecutionStrategy>(static p => new DefaultExecutionStrategy(
            p.GetRequiredService<ICakeLog>(),
            p.GetRequiredService<ICakeReportPrinter>()));
        services.AddSingleton<ICakeEngine>(static p => new CakeEngine(
            p.GetRequiredService<ICakeDataService>(),
            p.GetRequiredService<ICakeLog>()));
        return services;
    }
}
