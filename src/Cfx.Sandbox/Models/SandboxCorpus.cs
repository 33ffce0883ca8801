using System.Reflection;
using System.Text.Json.Nodes;
using Cfx.Core;

namespace Cfx.Sandbox.Models;

/// <summary>Everything the sandbox's base models know.</summary>
/// <param name="Pairs">Questions with good answers.</param>
/// <param name="Preferences">Questions with a better and a worse answer.</param>
public sealed record SandboxCorpus(IReadOnlyList<CorpusPair> Pairs, IReadOnlyList<CorpusPreference> Preferences)
{
    /// <summary>The corpus that is built into this assembly.</summary>
    /// <exception cref="StageFailedException">A part is missing from the assembly, or a line of it is broken.</exception>
    public static SandboxCorpus LoadEmbedded() => new(
        ReadEmbedded("pairs.jsonl", read => new CorpusPair(read("subject"), read("prompt"), read("answer"))),
        ReadEmbedded("preferences.jsonl", read => new CorpusPreference(read("subject"), read("prompt"), read("better"), read("worse"))));

    /// <summary>Reads both parts as JSON lines.</summary>
    /// <exception cref="StageFailedException">A line is not an object with the expected texts; the message names it.</exception>
    public static SandboxCorpus Read(TextReader pairs, TextReader preferences) => new(
        ReadLines(pairs, "pairs.jsonl", read => new CorpusPair(read("subject"), read("prompt"), read("answer"))),
        ReadLines(preferences, "preferences.jsonl", read => new CorpusPreference(read("subject"), read("prompt"), read("better"), read("worse"))));

    private static List<T> ReadEmbedded<T>(string name, Func<Func<string, string>, T> make)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var resource = Array.Find(assembly.GetManifestResourceNames(), found => found.EndsWith("Corpus." + name, StringComparison.Ordinal))
            ?? throw new StageFailedException($"The sandbox's corpus {name} is not in {assembly.GetName().Name}: rebuild it with src/Cfx.Sandbox/Corpus/{name} in place.");
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return ReadLines(reader, name, make);
    }

    private static List<T> ReadLines<T>(TextReader reader, string name, Func<Func<string, string>, T> make)
    {
        var items = new List<T>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                var record = JsonNode.Parse(line)!.AsObject();
                items.Add(make(field => Text(record, field)));
            }
            catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException or FormatException)
            {
                throw new StageFailedException($"The sandbox's corpus {name}, line {number}, is broken: {error.Message} Mend that line.", error);
            }
        }

        return items;
    }

    private static string Text(JsonObject record, string field)
    {
        var text = record[field]?.GetValue<string>();
        return string.IsNullOrWhiteSpace(text) ? throw new FormatException($"\"{field}\" is missing or empty.") : text;
    }
}
