using Cake.Core;
using Cake.Core.IO;

namespace Build.Tests;

/// <summary>An environment with the variables a test gives it and no others.</summary>
public sealed class FakeEnvironment(IReadOnlyDictionary<string, string> variables, string folder) : ICakeEnvironment
{
    public DirectoryPath WorkingDirectory { get; set; } = folder;

    public DirectoryPath ApplicationRoot => WorkingDirectory;

    public ICakePlatform Platform { get; } = new CakePlatform();

    public ICakeRuntime Runtime { get; } = new CakeRuntime();

    public DirectoryPath GetSpecialPath(SpecialPath path) => WorkingDirectory;

    public string? GetEnvironmentVariable(string variable) => variables.GetValueOrDefault(variable);

    public IDictionary<string, string> GetEnvironmentVariables() => new Dictionary<string, string>(variables, StringComparer.Ordinal);
}
