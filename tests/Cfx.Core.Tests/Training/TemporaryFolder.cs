namespace Cfx.Core.Tests.Training;

/// <summary>A folder of one test, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cfx-training-").FullName;

    public string At(string name) => Path.Combine(Root, name);

    public string Write(string name, params string[] lines)
    {
        File.WriteAllText(At(name), string.Concat(lines.Select(l => l + "\n")));
        return At(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
