using System.Text.Json;
using Cfx.Core.Artifacts;

namespace Cfx.Together.Serving;

/// <summary>In which way each arm's answers were last drawn, kept beside the leases: the way may change while a study grows, and a report must tell of arms
/// that were asked in different ones.</summary>
/// <param name="folder">Of the leases; need not exist.</param>
/// <param name="study">The study's name.</param>
public sealed class ServedArms(string folder, string study)
{
    private readonly string _path = Path.Combine(folder, "arms", study + ".json");

    /// <summary>By arm; empty where nothing was noted, as where all models answer by name.</summary>
    public IReadOnlyDictionary<string, ServingWay> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), ServingJson.Default.DictionaryStringServingWay) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // What a report tells beside its figures is no reason to make none.
            return new Dictionary<string, ServingWay>();
        }
    }

    /// <summary>Notes an arm's way.</summary>
    public Task WriteAsync(string arm, ServingWay way, CancellationToken cancellationToken)
    {
        var ways = new Dictionary<string, ServingWay>(Read(), StringComparer.Ordinal) { [arm] = way };
        return AtomicFile.WriteBytesAsync(_path, JsonSerializer.SerializeToUtf8Bytes(ways, ServingJson.Default.DictionaryStringServingWay), cancellationToken);
    }
}
