using System.Globalization;
using Build.Tests.Demo;
using Cfx.Build.Host;
using Cfx.Build.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Build.Tests;

/// <summary>Runs the host in process, in an empty folder of its own, and keeps what it wrote.</summary>
public sealed class HostHarness : IDisposable
{
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public HostHarness() => Folder = Directory.CreateTempSubdirectory("cfx-host-").FullName;

    public string Folder { get; }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Type> Tasks { get; init; } = DemoTypes.All;

    public Action<IServiceCollection, OptionValues>? Services { get; init; }

    public Func<OptionValues, IEnumerable<string>>? Check { get; init; }

    public bool LogToFile { get; init; }

    public string Output => _output.ToString().ReplaceLineEndings("\n");

    public string Error => _error.ToString().ReplaceLineEndings("\n");

    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void WriteStudy(string json) => File.WriteAllText(Path.Combine(Folder, "study.json"), json);

    public Task<int> RunAsync(params string[] args) => RunAsync<DemoContext>(args);

    public async Task<int> RunAsync<TContext>(string[] args)
        where TContext : class, Cake.Frosting.IFrostingContext
    {
        var environment = new FakeEnvironment(Variables, Folder);
        var settings = new CfxHostSettings
        {
            Arguments = args,
            Catalog = StudyOptions.CreateCatalog(),
            TaskTypes = Tasks,
            ConfigureServices = Services,
            CheckOptions = Check,
            Environment = environment,
            Version = "Cfx 1.2.3",
            HandleSignals = false,
            LogToFile = LogToFile,
            Leave = _ => throw new InvalidOperationException("left"),
        };
        var mask = new SecretMask(settings.SecretVariables.Select(environment.GetEnvironmentVariable));
        return await CfxHost.RunAsync<TContext>(settings with
        {
            Console = new HostConsole(_output, _error, mask, isTerminal: false, useColour: false, static () => 120),
        });
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }
}
