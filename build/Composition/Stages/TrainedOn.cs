using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Training;

namespace Cfx.Build.Composition.Stages;

/// <summary>The files that a tuned model was trained on, as far as this project made it.</summary>
internal static class TrainedOn
{
    /// <param name="run">The run.</param>
    /// <param name="models">Names of models at the provider.</param>
    /// <returns>Full paths of training and validation files that are there, each once, in order; none for a model that nothing here tells of.</returns>
    public static IReadOnlyList<string> Files(StudyRun run, params IReadOnlyList<string> models)
    {
        var root = Path.Combine(run.Root, "models");
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.Exists(root) ? Directory.GetFiles(root, "*.json", SearchOption.AllDirectories).Where(JobRecordFolder.IsRecord) : [])
        {
            if (Read(path) is not { } record || Text(record["output_model"]) is not { } model || !models.Contains(model))
            {
                continue;
            }

            // A record stands in models/NAME, its files in data/NAME.
            var folder = Path.Combine(run.Root, "data", Path.GetRelativePath(root, Path.GetDirectoryName(path)!));
            files.UnionWith(((string[])["training_file", "validation_file"]).Select(f => Text((record[f] as JsonObject)?["name"])).OfType<string>()
                .Select(name => Path.GetFullPath(Path.Combine(folder, Path.GetFileName(name)))).Where(File.Exists));
        }

        return [.. files];
    }

    private static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (JsonException)
        {
            // Another file that happens to be called so.
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
