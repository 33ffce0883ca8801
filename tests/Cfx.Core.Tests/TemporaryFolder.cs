using System.Text.Json.Nodes;

namespace Cfx.Core.Tests;

/// <summary>A folder of a test's own, removed afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cfx-test-").FullName;

    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Writes a text file, with its folders, and returns its path.</summary>
    public string Write(string relative, string text) => Write(relative, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string relative, byte[] bytes)
    {
        var path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a text file of these lines, each ended by a line feed.</summary>
    public string WriteLines(string relative, params IEnumerable<string> lines) => Write(relative, string.Concat(lines.Select(l => l + "\n")));

    /// <summary>The objects of a JSONL file.</summary>
    public JsonObject[] Lines(string relative) => [.. File.ReadAllLines(this[relative]).Select(line => JsonNode.Parse(line)!.AsObject())];

    public JsonObject Json(string relative) => JsonNode.Parse(File.ReadAllText(this[relative]))!.AsObject();

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
