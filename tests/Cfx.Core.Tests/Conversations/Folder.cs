using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Tests.Conversations;

/// <summary>A folder of a test's own, deleted after it.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cfx-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public JsonObject[] Lines(string name) =>
        [.. System.IO.File.ReadAllLines(File(name)).Select(line => JsonNode.Parse(line)!.AsObject())];

    public JsonObject Json(string name) => JsonNode.Parse(System.IO.File.ReadAllText(File(name)))!.AsObject();

    public static async Task<List<ReadRecord>> ReadAsync(string path)
    {
        var records = new List<ReadRecord>();
        await foreach (var record in ConversationReader.ReadAsync(path, CancellationToken.None))
        {
            records.Add(record);
        }

        return records;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
